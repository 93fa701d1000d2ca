package condition

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// FromMap makes a context of a map, with its keys in the order of their bytes.
// Single values are string, bool, the whole-number types, float32 and float64,
// json.Number, [time.Time], [netip.Addr], []byte for binary data, and [Value].
// Lists, whatever their length, are []string and []any with single values in
// it, each of which is kept as its text. A float is kept as the shortest
// decimal that gives it back.
//
// Nil, maps, lists in lists, and two keys that are equal but for case are
// errors, of the type [ContextErrors]; so are NaN and infinities. A nil map
// gives an empty context.
func FromMap(values map[string]any) (*Context, error) {
	var errs ContextErrors
	if len(values) > MaxKeys {
		return nil, ContextErrors{{Reason: TooManyKeys}}
	}
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	c := new(Context)
	for _, key := range keys {
		value, reason, detail := valueOf(values[key])
		if reason == 0 {
			reason = c.add(key, value)
		}
		if reason != 0 && !errs.add(&ContextError{Reason: reason, Key: key, Detail: detail}) {
			break
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return c, nil
}

// add sets a key that must not be there yet; the reason is 0 if it was not.
func (c *Context) add(key string, value Value) ContextReason {
	k := makeLookup(key)
	if c.find(&k) != nil {
		return DuplicateKey
	}
	c.Set(key, value)
	return 0
}

func valueOf(item any) (value Value, reason ContextReason, detail string) {
	switch item := item.(type) {
	case Value:
		if item.form == asNothing || item.form == asAbsent {
			return Value{}, UnsupportedType, "the zero Value"
		}
		return item, 0, ""
	case []string:
		return List(slices.Clone(item)...), 0, ""
	case []any:
		texts := make([]string, 0, len(item))
		for at, element := range item {
			single, reason, detail := valueOf(element)
			if reason == 0 && (single.IsList() || single.Kind() == KindUnknown) {
				reason = NestedValue
			}
			if reason != 0 {
				if detail != "" {
					detail = ", " + detail
				}
				return Value{}, reason, "value " + strconv.Itoa(at+1) + " of the list" + detail
			}
			texts = append(texts, single.Text())
		}
		return List(texts...), 0, ""
	case []byte:
		return Binary(item), 0, ""
	case nil:
		return Value{}, NullValue, ""
	case map[string]any:
		return Value{}, NestedValue, ""
	}
	if value, ok := scalarOf(item); ok {
		return value, 0, ""
	}
	return Value{}, UnsupportedType, fmt.Sprintf("%T", item)
}

func scalarOf(item any) (Value, bool) {
	switch item := item.(type) {
	case string:
		return String(item), true
	case bool:
		return Bool(item), true
	case int:
		return Int(int64(item)), true
	case int8:
		return Int(int64(item)), true
	case int16:
		return Int(int64(item)), true
	case int32:
		return Int(int64(item)), true
	case int64:
		return Int(item), true
	case uint:
		return Number(strconv.FormatUint(uint64(item), 10)), true
	case uint8:
		return Int(int64(item)), true
	case uint16:
		return Int(int64(item)), true
	case uint32:
		return Int(int64(item)), true
	case uint64:
		return Number(strconv.FormatUint(item, 10)), true
	case float32:
		return floatOf(float64(item), 32)
	case float64:
		return floatOf(item, 64)
	case json.Number:
		return Number(item.String()), true
	case time.Time:
		return Time(item), true
	case netip.Addr:
		return Addr(item), true
	}
	return Value{}, false
}

func floatOf(number float64, size int) (Value, bool) {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return Value{}, false
	}
	return Number(strconv.FormatFloat(number, 'f', -1, size)), true
}
