package main

import (
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// opaGenericEngine is OPA with the statements as data, a row for each resource, and a few fixed rules over
// them: how policies that change often are kept in OPA.
func opaGenericEngine() Engine {
	return Engine{
		Name: versioned("OPA", opaModule, "generic Rego over data"),
		Compile: func(documents [][]byte) (Prepare, error) {
			rules, err := parseRules(documents)
			if err != nil {
				return nil, err
			}
			data := map[string]any{"allows": opaRows(rules, false), "denies": opaRows(rules, true)}
			return prepareOPA(
				rego.Module("iam.rego", opaDecision+opaGenericRules),
				rego.Store(inmem.NewFromObjectWithOpts(data, inmem.OptReturnASTValuesOnRead(true))),
			)
		},
	}
}

// opaGenericRules tests the resource in the loop itself, since a call for each row
// would cost more than the test.
const opaGenericRules = `
deny if {
	some row in data.denies
	startswith(input.resource, row.prefix)
	glob.match(row.resource, null, input.resource)
	applies(row)
}

allow if {
	some row in data.allows
	startswith(input.resource, row.prefix)
	glob.match(row.resource, null, input.resource)
	applies(row)
}

applies(row) if {
	some action in row.actions
	glob.match(action, null, input.action)
	team(row)
	network(row)
	secure_transport(row)
}

team(row) if not row.teams

team(row) if input.team in row.teams

network(row) if not row.networks

network(row) if {
	some network in row.networks
	net.cidr_contains(network, input.source_ip)
}

# A condition that wants false is there too, so "not" would not tell.
secure_transport(row) if object.get(row, "secure_transport", input.secure_transport) == input.secure_transport
`

// opaRows returns the rules of one effect as data, a row for each resource. A row
// has no list where the list would be empty.
func opaRows(rules []rule, deny bool) []any {
	rows := []any{}
	for i := range rules {
		r := &rules[i]
		if r.deny != deny {
			continue
		}
		for j := range r.resources {
			row := map[string]any{"prefix": r.resources[j].head(), "resource": opaGlob(&r.resources[j])}
			for k := range r.actions {
				opaAppend(row, "actions", opaGlob(&r.actions[k]))
			}
			for _, team := range r.teams {
				opaAppend(row, "teams", team)
			}
			for _, network := range r.networks {
				opaAppend(row, "networks", network.String())
			}
			if r.secureTransport != nil {
				row["secure_transport"] = *r.secureTransport
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func opaAppend(row map[string]any, list, value string) {
	values, _ := row[list].([]any)
	row[list] = append(values, value)
}
