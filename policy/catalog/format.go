package catalog

import (
	"strings"
	"sync"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// A resourceType is a resource type with its format compiled.
type resourceType struct {
	*reference.ResourceType
	// segments are the partition, service, Region and account of the format, tail
	// is what follows behind its fifth colon.
	segments [4]wildcard.Pattern
	tail     wildcard.Pattern
	// sample is an ARN of the format. Each placeholder is a character in it that
	// no format has, so that another format fits the sample only if it fits every
	// ARN of this one.
	sample string
}

// A formatTable holds the formats of ARNs.
type formatTable struct {
	all []resourceType // as in the reference
	// byService holds the resource types by the service of their ARNs, which
	// need not be that of their actions: AWS WAF has load balancers.
	byService map[string][]*resourceType
	// anyService are those whose service is a placeholder.
	anyService []*resourceType
	ofService  [][]*resourceType // by the number of the service
}

// formats gives the compiled formats.
var formats = sync.OnceValue(func() *formatTable {
	r := tables()
	t := &formatTable{
		all:       make([]resourceType, len(r.ResourceTypes)),
		byService: make(map[string][]*resourceType, len(r.Services)),
		ofService: make([][]*resourceType, len(r.Services)),
	}
	for i := range r.ResourceTypes {
		one := &t.all[i]
		one.ResourceType = &r.ResourceTypes[i]
		one.compile()
		t.ofService[one.Service] = append(t.ofService[one.Service], one)
		if service := &one.segments[1]; service.Literal() {
			t.byService[service.Text()] = append(t.byService[service.Text()], one)
		} else {
			t.anyService = append(t.anyService, one)
		}
	}
	return t
})

// sampleCharacter stands for placeholders in samples.
const sampleCharacter = "\x01"

func (t *resourceType) compile() {
	pattern := placeholders(t.Format)
	t.sample = strings.NewReplacer("?*", sampleCharacter, "*", sampleCharacter).Replace(pattern)
	var cut [5]int
	if !wildcard.Colons(pattern, &cut) {
		return // fits nothing; a test sees that there is none
	}
	for i := range t.segments {
		t.segments[i] = wildcard.Compile(pattern[cut[i]+1 : cut[i+1]])
	}
	t.tail = wildcard.Compile(pattern[cut[4]+1:])
}

// fits tells whether an ARN, cut at its colons, has the format.
func (t *resourceType) fits(name *wildcard.Name) bool {
	for i := range t.segments {
		if !t.segments[i].Match(name.Segment(i + 1)) {
			return false
		}
	}
	return t.tail.Match(name.Segment(5))
}

// within tells whether every ARN of the format of t has that of other, but not
// the other way round.
func (t *resourceType) within(other *resourceType) bool {
	own, _ := wildcard.CutName(t.sample)
	others, _ := wildcard.CutName(other.sample)
	return other.fits(&own) && !t.fits(&others)
}

// fitting gives the resource types whose format the ARN has, of all services,
// in no certain order. Where formats that name the service of the ARN fit, those
// with a placeholder for it, which fit nearly everything, do not count.
func (f *formatTable) fitting(name *wildcard.Name) []*resourceType {
	var fitting []*resourceType
	for _, list := range [...][]*resourceType{f.byService[name.Segment(2)], f.anyService} {
		for _, t := range list {
			if t.fits(name) {
				fitting = append(fitting, t)
			}
		}
		if fitting != nil {
			break
		}
	}
	return fitting
}

// named tells whether the ARN names a resource of the type, which fits it:
// whether there is no narrower format among the fitting ones of the same
// service, and of the service that the ARN itself names.
func (t *resourceType) named(name *wildcard.Name, fitting []*resourceType) bool {
	services := tables().Services
	for _, other := range fitting {
		if (other.Service == t.Service || services[other.Service].Prefix == name.Segment(2)) && other.within(t) {
			return false
		}
	}
	return true
}

// resourceTypes gives the resource types of the service.
func (s Service) resourceTypes() []*resourceType {
	if s.record == nil {
		return nil
	}
	if s.record.ResourceTypes.First == s.record.ResourceTypes.End {
		return nil
	}
	f := formats()
	return f.ofService[f.all[s.record.ResourceTypes.First].Service]
}
