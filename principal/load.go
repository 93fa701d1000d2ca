package principal

import (
	"os"
	"strings"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/internal/strictjson"
)

// maxDepth bounds how deep a file may nest: account details nest eight deep
// down to a policy document, which nests six deep. A file that nests deeper is
// something else.
const maxDepth = strictjson.MaxDepth

// MaxFileBytes bounds one file of account details. The greatest account that
// the quotas of IAM allow has some 5,000 users, 5,000 roles and 5,000 policies
// and stays below 300 MB even if each holds all the text that it may; positions
// count to 2 GiB.
const MaxFileBytes = 1 << 30

// A File is a file of account details in memory.
type File struct {
	// Name stands in errors and in the [Source] of each policy: the path of the
	// file, or whatever tells the reader which one it is.
	Name string
	// Text is the content. It is not kept and may change afterwards.
	Text []byte
}

// Load makes a [Directory] from the output of
//
//	aws iam get-account-authorization-details
//
// for any number of accounts, in any number of files. A file holds a page of
// the answer or several pages one after another. Policy documents may be JSON
// objects, as the AWS CLI prints them, or strings that hold JSON, plain or
// percent-encoded, as the SDK for Go leaves them. The account of a user, group,
// role or policy is that of its ARN. Only the default version of a managed
// policy counts. Members that Load does not know are ignored, but one that it
// would know in another letter case is an error.
//
// The AWS-managed policies that are attached but not in the files are taken
// from package managed (those of the partition aws).
//
// Pages may come in any order, and the same user, group, role or policy may be
// there twice if both say the same. If all pages of an account have IsTruncated
// true, or a NextToken of the AWS CLI, the last one is missing: that is an error
// with an [*IncompleteError] in it. A page that is missing in the middle leaves no trace and is not noticed.
// Of an AWS-managed policy that two accounts have in different versions the
// newest is in force, in both.
//
// The error is [Errors]. A policy document with errors is one, wherever it
// stands; nothing is dropped in silence. What is referred to and not there is
// no error but a [Problem], see [Directory.Problems].
//
// The cost is linear in the size of the files, some 20 ms for each megabyte,
// most of it for compiling policies; equal documents are compiled once.
func Load(files ...File) (*Directory, error) {
	b := NewBuilder()
	for _, f := range files {
		b.LoadAccountDetails(f.Name, f.Text)
	}
	return b.Build()
}

// LoadFiles is [Load] for files on disk. A file that cannot be read is an
// [*Error] with the cause in it.
func LoadFiles(paths ...string) (*Directory, error) {
	b := NewBuilder()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f := b.addFile(path, nil)
			b.report.add(place{file: f}, Unreadable, "", "the file cannot be read", err)
			continue
		}
		b.LoadAccountDetails(path, text)
	}
	return b.Build()
}

// LoadAccountDetails adds the pages of a file of account details; see [Load].
// The name stands in errors and in the [Source] of each policy. The text is not
// kept.
func (b *Builder) LoadAccountDetails(name string, text []byte) {
	if len(text) > MaxFileBytes {
		b.report.add(place{file: b.addFile(name, nil)}, TooLarge, "", "the file has more than 1 GiB", nil)
		return
	}
	f := b.addFile(name, text)
	found := false
	for at := skipSpace(f.text, 0); at < len(f.text); at = skipSpace(f.text, at) {
		end, fault := strictjson.Next(f.text, at, maxDepth)
		if fault != nil {
			b.report.add(place{file: f, offset: fault.Offset}, SyntaxError, "", fault.Message, nil)
			return
		}
		b.readPage(f, at, end)
		found, at = true, end
	}
	if !found {
		b.report.add(place{file: f, offset: len(f.text)}, SyntaxError, "", "the file is empty", nil)
	}
}

func (b *Builder) addFile(name string, text []byte) *file {
	f := &file{name: name, text: string(text), order: len(b.files)}
	if name == "" {
		f.name = "account details" // so that an error always says that it is about a file
	}
	b.files = append(b.files, f)
	return f
}

// A page is what is remembered of a page to tell whether all are there.
type page struct {
	account   string // "" if nothing in it says which
	truncated bool
	marker    string
	token     string
	at        place
}

// checkPages reports the accounts whose last page is not there.
//
// An answer is a number of pages that are truncated and one that is not. Pages do not say which answer they belong to, so the accounts are told
// apart by the ARNs, and a page without any belongs to the page before it.
//
// Source: IAM API Reference, "GetAccountAuthorizationDetails".
func (b *Builder) checkPages(into *report) {
	type state struct {
		finished bool
		last     *page // the last one that is truncated
	}
	var accounts []string
	states := make(map[string]*state)
	account := ""
	for at := range b.pages {
		p := &b.pages[at]
		if p.account != "" {
			account = p.account
		}
		s := states[account]
		if s == nil {
			s = new(state)
			states[account] = s
			accounts = append(accounts, account)
		}
		if p.truncated {
			s.last = p
		} else {
			s.finished = true
		}
	}
	for _, account := range accounts {
		s := states[account]
		if s.finished || s.last == nil {
			continue
		}
		into.add(s.last.at, IncompleteDetails, "", "the details end with a page that is not the last one",
			&IncompleteError{AccountID: account, File: s.last.at.file.name, Marker: s.last.marker, NextToken: s.last.token})
	}
}

// decodeDocument gives the JSON text of a policy document that came as a
// string: JSON as it is, or percent-encoded. It gives a reason if it is
// neither.
//
// Source: IAM API Reference, "GetAccountAuthorizationDetails": documents are
// URL-encoded as RFC 3986 says, where "+" stands for itself.
func decodeDocument(text string) (decoded, reason string) {
	const neither = "a policy document is a JSON object, or a string that holds one, plain or percent-encoded"
	if begin := skipSpace(text, 0); begin < len(text) && text[begin] == '{' {
		return text, ""
	}
	if strings.IndexByte(text, '%') < 0 {
		return "", neither
	}
	var b strings.Builder
	b.Grow(len(text))
	for at := 0; at < len(text); at++ {
		if text[at] != '%' {
			b.WriteByte(text[at])
			continue
		}
		if len(text)-at < 3 {
			return "", "the percent-encoding of the policy document ends early"
		}
		high, ok := hexDigit(text[at+1])
		low, ok2 := hexDigit(text[at+2])
		if !ok || !ok2 {
			return "", "the percent-encoding of the policy document is broken at " + quote(text[at:at+3])
		}
		b.WriteByte(byte(high<<4 | low))
		at += 2
	}
	decoded = b.String()
	if begin := skipSpace(decoded, 0); begin == len(decoded) || decoded[begin] != '{' {
		return "", neither
	}
	return decoded, ""
}

// hexDigit gives the value of a hexadecimal digit.
func hexDigit(c byte) (int, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0'), true
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// skipSpace gives the offset of the first byte at or behind at that is not
// white space to JSON.
func skipSpace(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r') {
		at++
	}
	return at
}

// accountOf gives the account in an ARN, "" if it has none of twelve digits.
func accountOf(text string) string {
	if parsed, err := arn.Parse(text); err == nil && arn.IsAccountID(parsed.AccountID) {
		return parsed.AccountID
	}
	return ""
}
