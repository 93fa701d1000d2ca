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
//   - SessionKey: Principal if it has the key or seals it
//     ([Context.SetAbsent]); else the key is absent if the session is known
//     ([Context.MarkSessionKnown]); else Supplied.
//   - RequestKey: Principal if it has the key or seals it; else Supplied.
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
			if value := v.Principal.find(k); value != nil || k.class == SessionKey && v.Principal.sessionKnown {
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

// Override puts a value under a key in the context that answers for it, so that
// Lookup finds it from then on; the zero Value makes the key absent. The context
// is changed, or made if there is none: it must not be shared. It is for those
// who try out what a decision would be under other values.
func (v *View) Override(key string, value Value) {
	into := v.answering(key)
	if *into == nil {
		*into = new(Context)
	}
	if value.form == asNothing {
		(*into).SetAbsent(key)
		return
	}
	(*into).Set(key, value)
}

// FromRequest tells whether Supplied answers for a key.
func (v *View) FromRequest(key string) bool { return v.answering(key) == &v.Supplied }

// answering gives the context that answers for a key.
func (v *View) answering(key string) **Context {
	k := makeKey(key)
	switch k.class {
	case PrincipalKey:
		if v.Principal != nil {
			return &v.Principal
		}
	case ResourceKey:
		if v.Resource != nil {
			return &v.Resource
		}
	case ResourceTagKey:
		if v.Resource != nil && (v.Resource.tagsKnown || v.Resource.find(&k) != nil) {
			return &v.Resource
		}
	default:
		if v.Principal != nil && (v.Principal.find(&k) != nil || k.class == SessionKey && v.Principal.sessionKnown) {
			return &v.Principal
		}
	}
	return &v.Supplied
}

// Clone gives a View of copies, which can be changed apart from the originals.
func (v *View) Clone() View {
	clone := func(c *Context) *Context {
		if c == nil {
			return nil
		}
		return c.Clone()
	}
	return View{Supplied: clone(v.Supplied), Principal: clone(v.Principal), Resource: clone(v.Resource)}
}
