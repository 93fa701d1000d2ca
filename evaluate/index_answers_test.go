package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/policy"
)

// membersOf compiles statements; the level of each member is its number, as
// the goal everyStatement wants it.
func membersOf(tb tester, kind policy.Kind, statements ...string) []member {
	tb.Helper()
	var members []member
	list := (*compiled.Policy)(loaded(tb, kind, strings.Join(statements, ","))).Statements()
	for at := range list {
		if !list[at].Flags.Has(compiled.NoEffect) {
			members = append(members, member{statement: &list[at], index: int32(at), level: int32(len(members))})
		}
	}
	return members
}

// indexOf makes an index whatever the number of statements.
func indexOf(members []member) *index {
	s := set{members: members}
	finish(alwaysIndex, &s)
	return s.index
}

// searchFor asks about an action of alice on a resource of her account.
func searchFor(tb tester, action, resource string) *search {
	tb.Helper()
	r, err := NewRequest(action, resource, account)
	if err != nil {
		tb.Fatal(err)
	}
	r.Context.Set("aws:username", condition.String("alice"))
	r.Context.SetUnknown("test:unknown")
	nobody := scene{}
	c := new(inquiry)
	if !c.open(nobody.evaluator(tb), r) {
		tb.Fatalf("%s on %s cannot be asked", action, resource)
	}
	return &c.search
}

// spoken gives the numbers of the statements that an index hands to a search.
func (ix *index) spoken(f *search) []int32 {
	f.goal, f.marked = everyStatement, newNumberSet(len(ix.members))
	ix.run(f)
	return slices.Collect(f.marked.all)
}

// mixed draws statements and questions from so few words that most of them
// meet, and everything that an index tells apart comes up.
type mixed struct{ *rand.Rand }

func (m mixed) of(from ...string) string { return from[m.IntN(len(from))] }

func (m mixed) action() string {
	return m.of("s3", "S3", "ec2", "a") + ":" + m.of("Get", "get", "GetX", "Put", "List", "Run")
}

func (m mixed) actionPattern() string {
	return m.of(m.action(), m.action(), m.of("s3", "ec2", "S3", "zz")+":"+m.of("*", "Get*", "g?t", "*t", "L*"),
		m.of("*:Get*", "s?:Get", "e*:*", "*:*t", "*"))
}

func (m mixed) tail() string {
	return m.of("acme-1/", "acme-22/", "b", "c/", "d", "e", "f", "g", "h", "i", "j/", "k", "", "alice") +
		m.of("raw/", "log", "", "x/raw/y") + m.of("2026-report.csv", "1.csv", ".csv", "v", "")
}

func (m mixed) resourcePattern() string {
	if m.IntN(12) == 0 {
		return "*"
	}
	return "arn:" + m.of("aws", "aws", "aws", "*") + ":s3:::" + m.of(m.tail(), m.tail()+"*", "*"+m.tail(), "acme-*/raw/"+m.of("*", "")+m.of("2026-report.csv", ".csv", "v"),
		"${aws:username}"+m.of("", "*", "/raw/"), "b${test:unknown}", m.of("acme-1", "acme-22", "b", "c", "k")+"*"+m.of("csv", "2026-report.csv", "v", "?"), "*")
}

// list writes down a list of texts as JSON.
func list(texts []string) string { return `["` + strings.Join(texts, `","`) + `"]` }

func (m mixed) texts(draw func() string) string {
	var texts []string
	for range 1 + m.IntN(3) {
		texts = append(texts, draw())
	}
	return list(texts)
}

func (m mixed) statement(kind policy.Kind) string {
	not := func() string {
		if m.IntN(8) == 0 {
			return "Not"
		}
		return ""
	}
	text := `{"Effect": "Allow", "` + not() + `Action": ` + m.texts(m.actionPattern)
	if kind == policy.RoleTrust {
		return text + `, "Principal": "*"}`
	}
	return text + `, "` + not() + `Resource": ` + m.texts(m.resourcePattern) + "}"
}

// TestIndexSpeaksOfWhatAScanDoes compares all statements that an index finds
// with those that speak of the question, and not only what is decided by them.
func TestIndexSpeaksOfWhatAScanDoes(t *testing.T) {
	t.Parallel()
	spoken, silent := 0, 0
	for round := range 40 {
		m := mixed{rand.New(rand.NewPCG(uint64(round), 0x51))}
		kind := policy.IdentityBased
		if round%8 == 6 {
			kind = policy.RoleTrust // has no resources
		}
		var statements []string
		for range 1 + m.IntN(1+6*round) {
			statements = append(statements, m.statement(kind))
		}
		if round%4 == 3 { // a crowd, and more classes than fit into a word
			for number := range 90 {
				statements = append(statements, fmt.Sprintf(`{"Effect": "Allow", "%sAction": ["s3:Do%d", %q], "Resource": "arn:aws:s3:::acme-*/%s"}`,
					m.of("", "", "", "Not"), number, m.actionPattern(), m.of("raw/*.csv", "*1.csv", "*2026-report.csv", "x/*/*v")))
			}
		}
		members := membersOf(t, kind, statements...)
		ix := indexOf(members)
		checkIndex(t, ix)
		for number := range 60 {
			action, resource := m.of(m.action(), m.action(), "s3:Do"+m.of("1", "2", "88", "89", "90"), "zz:Get", "none:Get"), "arn:aws:s3:::"+m.tail()
			if number%10 == 9 {
				resource = "*"
			}
			f := searchFor(t, action, resource)
			var want []int32
			for at := range members {
				if s := members[at].statement; s.MatchesAction(action) && s.MatchesResource(&f.query) != condition.False {
					want = append(want, int32(at))
				}
			}
			if got := ix.spoken(f); !slices.Equal(got, want) {
				t.Fatalf("round %d, %s on %s: the index finds %v, a scan %v of\n%s", round, action, resource, got, want, strings.Join(statements, "\n"))
			}
			spoken, silent = spoken+len(want), silent+len(members)-len(want)
		}
	}
	if spoken < 1000 || silent < 1000 {
		t.Errorf("%d statements speak of a question, %d do not: too few to compare", spoken, silent)
	}
}

// TestIndexOfEveryBeginning: whatever a resource begins with, it is not turned
// away if there is a statement about it, and is if there is none.
func TestIndexOfEveryBeginning(t *testing.T) {
	t.Parallel()
	bits := uint64(0)
	for first := 'a'; first <= 'z'; first++ {
		for _, second := range "abcdefghijklmnopqrstuvwxyz0123456789" {
			beginning := string(first) + string(second)
			if bits&headOf(beginning) != 0 {
				continue
			}
			bits |= headOf(beginning)
			ix := indexOf(membersOf(t, policy.IdentityBased, `{"Effect": "Allow", "Action": "s3:Get", "Resource": "arn:aws:s3:::`+beginning+`*"}`))
			for _, tail := range []string{beginning, beginning + "c"} {
				if f := searchFor(t, "s3:Get", "arn:aws:s3:::"+tail); len(ix.spoken(f)) != 1 || f.table != ix.actions {
					t.Errorf("the statement about %s* is not found for %s", beginning, tail)
				}
			}
			if f := searchFor(t, "s3:Get", "arn:aws:s3:::-"+beginning); len(ix.spoken(f)) != 0 || f.table != nil && headOf("-"+beginning) != headOf(beginning) {
				t.Errorf("-%s is not turned away, although all begins with %s", beginning, beginning)
			}
		}
	}
	if bits != ^uint64(0) {
		t.Errorf("beginnings have the bits %x only", bits)
	}
}

// TestIndexStopsAtTheFirst: a search that has seen enough is not handed
// anything more, wherever that happens.
func TestIndexStopsAtTheFirst(t *testing.T) {
	t.Parallel()
	several := func(count int, action, resource string) (statements []string) {
		for range count {
			statements = append(statements, `{"Effect": "Allow", "Action": "`+action+`", `+resource+`}`)
		}
		return statements
	}
	// In the order in which an index comes by.
	places := [][]string{
		several(2, "s3:Get", `"NotResource": "arn:aws:s3:::other"`),
		several(2, "s3:*", `"Resource": "*"`),
		several(2, "s3:*", `"Resource": "arn:aws:s3:::ac*"`),
		several(crowdLimit, "s3:Get", `"Resource": "arn:aws:s3:::acme-*/raw/*.csv"`),
		several(2, "s3:Get*", `"Resource": "arn:aws:s3:::acme-1/raw/*"`),
		several(2, "*:Get", `"Resource": "*"`),
		several(2, "*:Get", `"Resource": "arn:aws:s3:::acme*"`),
	}
	for from := range places {
		members := membersOf(t, policy.IdentityBased, slices.Concat(places[from:]...)...)
		ix := indexOf(members)
		f := searchFor(t, "s3:Get", "arn:aws:s3:::acme-1/raw/2026.csv")
		if count := len(ix.spoken(f)); count != len(members) {
			t.Fatalf("from place %d on %d of %d statements speak of the question", from, count, len(members))
		}
		f.goal, f.applies, f.by = anyStatement, condition.False, nil
		if ix.run(f); f.by != &ix.members[0] {
			t.Errorf("from place %d on the search ends with statement %v", from, f.by)
		}
	}
	// Nor where a resource that is "*" leaves most of them out.
	for _, action := range []string{"s3:Get", "*:Get"} {
		ix := indexOf(membersOf(t, policy.IdentityBased, slices.Concat(several(3, action, `"Resource": "*"`), several(3, "*:*", `"Resource": "*"`))...))
		f := searchFor(t, "s3:Get", "*")
		f.goal = anyStatement
		if ix.run(f); f.by != &ix.members[0] {
			t.Errorf(`a search on "*" ends with statement %v`, f.by)
		}
	}
	// A crowd whose actions have no lists of their own.
	var others []string
	for number := range crowdShare*crowdLimit + 1 {
		others = append(others, fmt.Sprint("s3:Do", number))
	}
	crowd := several(crowdLimit, "s3:D*", `"Resource": "arn:aws:s3:::acme-*/raw/*.csv"`)
	crowd = append(crowd, `{"Effect": "Allow", "Action": `+list(others)+`, "Resource": "arn:aws:s3:::other"}`)
	crowd = append(crowd, several(20, "s3:Put", `"Resource": ["arn:aws:s3:::x", "arn:aws:s3:::y"]`)...)
	crowd = append(crowd, several(1, "*:Do3", `"Resource": "*"`)...)
	ix := indexOf(membersOf(t, policy.IdentityBased, crowd...))
	checkIndex(t, ix)
	f := searchFor(t, "s3:Do3", "arn:aws:s3:::acme-1/raw/2026.csv")
	if got := ix.spoken(f); len(got) != crowdLimit+1 {
		t.Errorf("of a crowd of %d, %v speak of the question", crowdLimit, got)
	}
	f.goal, f.applies, f.by = anyStatement, condition.False, nil
	if ix.run(f); f.by != &ix.members[0] {
		t.Errorf("in a crowd without lists the search ends with statement %v", f.by)
	}
}
