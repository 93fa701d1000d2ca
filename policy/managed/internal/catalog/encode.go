package catalog

import (
	"bytes"
	"cmp"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// arnPrefix begins the ARN of every AWS-managed policy of the partition aws.
const arnPrefix = "arn:aws:iam::aws:policy/"

// A Policy is one policy to encode. The order of keys in its document, and keys
// that occur twice, are kept; insignificant white space is not.
type Policy struct {
	Record
	Document json.RawMessage
}

// A HeaderLine is one "# name<TAB>value" line at the start of the index.
type HeaderLine struct{ Name, Value string }

// Encode writes the two files of a catalog. The result depends only on the set
// of policies, not on their order, and on the compressor of the Go release.
// Encode adds the header lines that Verify needs; it changes neither argument.
// It reports a name that occurs twice, a field that would break a line, and a
// document that is not JSON.
func Encode(header []HeaderLine, policies []Policy) (index string, documents []byte, err error) {
	sorted := slices.Clone(policies)
	slices.SortFunc(sorted, func(a, b Policy) int { return cmp.Compare(a.Name(), b.Name()) })

	texts := make([][]byte, len(sorted))
	hash := sha256.New()
	for i, p := range sorted {
		if i > 0 && sorted[i-1].Name() == p.Name() {
			return "", nil, fmt.Errorf("catalog: two policies are named %q", p.Name())
		}
		if strings.ContainsAny(p.ARN+p.VersionID+p.Created+p.Updated, "\t\r\n") {
			return "", nil, fmt.Errorf("catalog: policy %q has a tab or a line break in a field", p.ARN)
		}
		var text bytes.Buffer
		if err := json.Compact(&text, p.Document); err != nil {
			return "", nil, fmt.Errorf("catalog: document of %q: %w", p.Name(), err)
		}
		texts[i] = text.Bytes()
		fmt.Fprintf(hash, "%s%s\n", p.line(), texts[i])
	}

	var lines strings.Builder
	for _, h := range append(slices.Clone(header),
		HeaderLine{HeaderPolicies, fmt.Sprint(len(sorted))},
		HeaderLine{HeaderSHA256, fmt.Sprintf("%x", hash.Sum(nil))},
	) {
		fmt.Fprintf(&lines, "# %s\t%s\n", h.Name, h.Value)
	}

	dictionary := buildDictionary(texts)
	bodyAt := headerSize + (len(sorted)+1)*rowSize + len(dictionary)
	table := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(sorted)))
	table = binary.BigEndian.AppendUint32(table, uint32(len(dictionary)))
	addRow := func(line, document, size int) {
		for _, n := range []int{line, document, size} {
			table = binary.BigEndian.AppendUint32(table, uint32(n))
		}
	}
	var body bytes.Buffer
	for i, p := range sorted {
		addRow(lines.Len(), bodyAt+body.Len(), len(texts[i]))
		lines.WriteString(p.line())
		if err := compress(&body, texts[i], dictionary); err != nil {
			return "", nil, err
		}
	}
	addRow(lines.Len(), bodyAt+body.Len(), 0)

	documents = slices.Concat(table, dictionary, body.Bytes())
	c, err := New(lines.String(), string(documents))
	if err == nil {
		err = c.Verify()
	}
	if err != nil {
		return "", nil, err
	}
	return lines.String(), documents, nil
}

func compress(to *bytes.Buffer, text, dictionary []byte) error {
	w, err := flate.NewWriterDict(to, flate.BestCompression, dictionary)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	return w.Close()
}

// dictionarySize is the window of DEFLATE: more could not be referred to.
const dictionarySize = 32 << 10

// buildDictionary chooses what the documents have in common. It cuts them
// behind their commas, which makes pieces such as `"s3:GetObject",`, and takes
// the pieces that save the most: long ones that are in many documents. The best
// come last, where references to them are shortest.
func buildDictionary(texts [][]byte) []byte {
	inDocuments := map[string]int{}
	for _, text := range texts {
		seen := map[string]bool{}
		for piece := range bytes.SplitAfterSeq(text, []byte{','}) {
			if !seen[string(piece)] {
				seen[string(piece)] = true
				inDocuments[string(piece)]++
			}
		}
	}
	type candidate struct {
		piece string
		saves int
	}
	var candidates []candidate
	for piece, n := range inDocuments {
		if n > 1 {
			candidates = append(candidates, candidate{piece, (n - 1) * len(piece)})
		}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.saves, a.saves), cmp.Compare(a.piece, b.piece))
	})
	size, n := 0, 0
	for n < len(candidates) && size+len(candidates[n].piece) <= dictionarySize {
		size += len(candidates[n].piece)
		n++
	}
	dictionary := make([]byte, 0, size)
	for _, c := range slices.Backward(candidates[:n]) {
		dictionary = append(dictionary, c.piece...)
	}
	return dictionary
}
