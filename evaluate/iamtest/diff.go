package iamtest

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog"
)

// levelName names an access level.
func levelName(level catalog.AccessLevel) string {
	if level == 0 {
		return "other"
	}
	return level.String()
}

// matches tells whether a pattern of actions matches an action.
func matches(pattern, action string) bool { return wildcard.Match(pattern, action) }

// A snapshotLine is a line as it stands in a file.
type snapshotLine struct{ section, text string }

// readSnapshot reads the lines of a snapshot, in their order.
func readSnapshot(text string) []snapshotLine {
	var lines []snapshotLine
	section := ""
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		default:
			lines = append(lines, snapshotLine{section, line})
		}
	}
	return lines
}

// compareSnapshots tells what was lost and gained since a snapshot was written,
// section by section; "" if nothing was.
func compareSnapshots(before string, now permissionList) string {
	old := readSnapshot(before)
	known := make(map[snapshotLine]bool, len(old))
	for _, line := range old {
		known[line] = true
	}
	current := make(map[snapshotLine]bool, len(now))
	for at := range now {
		current[snapshotLine{now[at].section, now[at].text}] = true
	}
	var b strings.Builder
	section := ""
	by := "" // of the gains above, to be told once
	tell := func(next string) {
		if by != next && by != "" {
			b.WriteString("      by " + by + "\n")
		}
		by = next
	}
	begin := func(name string) {
		if name != section {
			tell("")
			section = name
			b.WriteString("  [" + name + "]\n")
		}
	}
	lose := func(line snapshotLine) {
		if !current[line] {
			tell("")
			begin(line.section)
			b.WriteString("  - " + line.text + "\n")
		}
	}
	// Both are in the same order, so one walk puts what belongs together side by
	// side.
	next := 0
	for at := range now {
		line := snapshotLine{now[at].section, now[at].text}
		for next < len(old) && (old[next].section < line.section || old[next].section == line.section && old[next].text < line.text) {
			lose(old[next])
			next++
		}
		if !known[line] {
			begin(line.section)
			tell(strings.Join(now[at].by, "\n      and "))
			b.WriteString("  + " + line.text + "\n")
		}
	}
	for ; next < len(old); next++ {
		lose(old[next])
	}
	tell("")
	return strings.TrimSuffix(b.String(), "\n")
}
