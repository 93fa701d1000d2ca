package evaluate

import (
	"github.com/portcullis-iam/portcullis/internal/compiled"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A peopleIndex finds, among all statements of all identity-based policies and
// boundaries of a directory, those that speak of an action and a resource. It
// leaves conditions aside, and policy variables: what they come to depends on
// who asks. No other statement can apply to anybody.
//
// A statement has a number, which is also the level of its member; those of one
// policy have numbers in a row, in the order of the document.
type peopleIndex struct {
	statements set
	policyOf   []int32   // by statement: the number of its policy
	first      []int32   // by policy: its first statement; one more at the end
	holders    [][]int32 // by policy: the people who have it attached, ascending
}

// A peopleIndexBuilder gathers the policies of people.
type peopleIndexBuilder struct {
	index   peopleIndex
	numbers map[*policy.Policy]int32
}

func newPeopleIndexBuilder() *peopleIndexBuilder {
	return &peopleIndexBuilder{numbers: make(map[*policy.Policy]int32)}
}

// add takes the policies of somebody in and gives their numbers. People must
// come in ascending order.
func (b *peopleIndexBuilder) add(someone int32, policies []principal.Attachment) []int32 {
	numbers := b.numbersOf(policies)
	for _, number := range numbers {
		holders := b.index.holders[number]
		if len(holders) == 0 || holders[len(holders)-1] != someone {
			b.index.holders[number] = append(holders, someone)
		}
	}
	return numbers
}

// numbersOf gives the numbers of policies.
func (b *peopleIndexBuilder) numbersOf(policies []principal.Attachment) []int32 {
	if len(policies) == 0 {
		return nil
	}
	numbers := make([]int32, len(policies))
	for at := range policies {
		from := policies[at].Policy
		number, known := b.numbers[from]
		if !known {
			number = int32(len(b.index.first))
			b.numbers[from] = number
			b.addStatements(from, number)
		}
		numbers[at] = number
	}
	return numbers
}

func (b *peopleIndexBuilder) addStatements(from *policy.Policy, number int32) {
	ix := &b.index
	ix.first = append(ix.first, int32(len(ix.policyOf)))
	ix.holders = append(ix.holders, nil)
	statements := (*compiled.Policy)(from).Statements()
	for at := range statements {
		if statements[at].Flags.Has(compiled.NoEffect) {
			continue
		}
		ix.statements.members = append(ix.statements.members, member{
			statement: relaxed(&statements[at]), index: int32(at), level: int32(len(ix.policyOf)),
		})
		ix.policyOf = append(ix.policyOf, number)
	}
}

func (b *peopleIndexBuilder) build() peopleIndex {
	b.index.first = append(b.index.first, int32(len(b.index.policyOf)))
	finish(indexLarge, &b.index.statements)
	return b.index
}

// relaxed gives a statement that speaks of every resource of which the given
// one may speak, whatever its policy variables come to. It is the given one if
// that has none.
func relaxed(s *compiled.Statement) *compiled.Statement {
	variable := false
	for at := range s.Resources {
		variable = variable || s.Resources[at].Pattern.Variables() != nil
	}
	if !variable {
		return s
	}
	wider := *s
	wider.Resources = nil
	for at := range s.Resources {
		entry := s.Resources[at]
		switch {
		case entry.Pattern.Variables() == nil:
		case s.Flags.Has(compiled.NotResource):
			continue // it may except nothing
		default:
			entry = compiled.Resource{Pattern: wildcard.CompileResource(entry.Pattern.Prefix()+"*", wildcard.NeverComplete)}
		}
		wider.Resources = append(wider.Resources, entry)
	}
	return &wider
}

// find gives the numbers of the statements that speak of what a search asks.
func (ix *peopleIndex) find(f *search) numberSet {
	f.goal, f.marked = everyStatement, newNumberSet(len(ix.policyOf))
	ix.statements.run(f)
	return f.marked
}

// addHolders adds the people to whom one of the statements is attached that
// allows.
func (ix *peopleIndex) addHolders(people, statements numberSet) {
	last := int32(-1) // policy
	for number := range statements.all {
		policy := ix.policyOf[number]
		if policy == last || ix.statements.members[number].statement.Flags.Has(compiled.Deny) {
			continue
		}
		last = policy
		for _, someone := range ix.holders[policy] {
			people.add(someone)
		}
	}
}

// fill puts those of the statements into sets that stand in policies, whose
// numbers are given beside their attachments.
func (ix *peopleIndex) fill(into *sets, statements numberSet, policies []principal.Attachment, numbers []int32) {
	into.deny.members, into.allow.members = into.deny.members[:0], into.allow.members[:0]
	for at, policy := range numbers {
		attachment := &policies[at]
		for number := range statements.between(ix.first[policy], ix.first[policy+1]) {
			index := ix.statements.members[number].index
			statement := &(*compiled.Policy)(attachment.Policy).Statements()[index]
			to := &into.allow
			if statement.Flags.Has(compiled.Deny) {
				to = &into.deny
			}
			to.members = append(to.members, member{statement: statement, attachment: attachment, index: index})
		}
	}
}
