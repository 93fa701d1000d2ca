package condition

// A View is the context as a decision sees it: what the caller of the library
// supplied, covered by what the library knows about the principal and the
// resource, so that nobody can pretend to be somebody else through a value that
// ended up in the context.
//
// Who answers for a key depends on its [Class]:
//
//   - PrincipalKey: Principal alone. What is not in it is absent.
//   - ResourceKey: Resource alone.
//   - ResourceTagKey: Resource if it has the key; else the key is absent if
//     the tags are known ([Context.MarkTagsKnown]); else Supplied.
//   - RequestKey: Principal if it has the key or seals it
//     ([Context.SetAbsent]), which is how facts of the session get in; else
//     Supplied.
//
// With a nil Principal or Resource nothing is derived from it, and Supplied
// answers. A nil Supplied is empty. The zero View has no keys.
//
// A View is read only; any number of goroutines may share one.
type View struct {
	Supplied, Principal, Resource *Context
}

// Lookup gives the value of a key, and whether the key is present or unknown.
// It allocates nothing.
func (v *View) Lookup(key string) (Value, bool) {
	k := makeKey(key)
	if value := v.find(&k); value != nil {
		return *value, true
	}
	return Value{}, false
}

// find gives the value of a key, nil if it is absent.
func (v *View) find(k *key) *Value {
	switch k.class {
	case PrincipalKey:
		if v.Principal != nil {
			return present(v.Principal.find(k))
		}
	case ResourceKey:
		if v.Resource != nil {
			return present(v.Resource.find(k))
		}
	case ResourceTagKey:
		if v.Resource != nil {
			if value := v.Resource.find(k); value != nil || v.Resource.tagsKnown {
				return present(value)
			}
		}
	default:
		if v.Principal != nil {
			if value := v.Principal.find(k); value != nil {
				return present(value)
			}
		}
	}
	if v.Supplied == nil {
		return nil
	}
	return present(v.Supplied.find(k))
}

func present(value *Value) *Value {
	if value != nil && value.form == asAbsent {
		return nil
	}
	return value
}
