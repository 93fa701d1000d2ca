package workload

import "fmt"

// The vocabulary of profile s3; multi uses it too.
var (
	teams = []string{"alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet",
		"kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"}
	environments = []string{"prod", "stage", "dev", "test"}
	directories  = []string{"raw", "curated", "export", "inbox", "logs", "models", "backup", "tmp", "media", "invoices"}
	extensions   = []string{"csv", "json", "parquet", "gz", "txt", "png"}

	s3Actions = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging",
		"s3:DeleteObjectTagging", "s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload",
		"s3:ListMultipartUploadParts", "s3:GetObjectRetention", "s3:PutObjectRetention", "s3:GetObjectLegalHold",
		"s3:RestoreObject", "s3:GetObjectAttributes"}
	s3ActionPatterns = []string{"s3:Get*", "s3:Put*", "s3:Delete*", "s3:GetObject*", "s3:PutObject*", "s3:*Tagging",
		"s3:*Object", "s3:Get*Tagging", "s3:*Version*", "s3:*"}

	networks = []string{"10.0.0.0/8", "10.20.0.0/16", "192.168.0.0/16", "172.16.0.0/12", "203.0.113.0/24", "198.51.100.0/24", "100.64.0.0/10"}
)

func (r *random) s3Statement(buckets int) Statement {
	st := Statement{Effect: EffectAllow, Action: r.s3Actions(), Resource: Strings{r.s3Resource(buckets)}}
	if r.percent(30) {
		if second := r.s3Resource(buckets); second != st.Resource[0] {
			st.Resource = append(st.Resource, second)
		}
	}
	if r.percent(20) {
		st.Condition = r.s3Condition()
	}
	return st
}

func (r *random) s3Actions() Strings {
	if r.percent(30) {
		return Strings{r.pick(s3ActionPatterns)}
	}
	return r.distinct(1+r.below(3), s3Actions)
}

func (r *random) bucket(buckets int) string {
	i := r.below(buckets)
	return fmt.Sprintf("acme-%s-%s-%04d", environments[i%len(environments)], teams[(i/len(environments))%len(teams)], i)
}

// s3Resource returns a resource pattern of one of the usual shapes. A bucket is
// always drawn, also for the shapes that do not name one.
func (r *random) s3Resource(buckets int) string {
	bucket := "arn:aws:s3:::" + r.bucket(buckets)
	switch k := r.below(100); {
	case k < 15: // the whole bucket
		return bucket + "/*"
	case k < 45: // a prefix
		return bucket + "/" + r.pick(directories) + "/" + r.pick(teams) + "/*"
	case k < 60: // one object
		return fmt.Sprintf("%s/%s/%s/file-%05d.%s", bucket, r.pick(directories), r.pick(teams), r.below(100000), r.pick(extensions))
	case k < 75: // a star in the middle, and a suffix
		return bucket + "/*/" + r.pick(directories) + "/*." + r.pick(extensions)
	case k < 85: // several stars in the middle
		return bucket + "/year=*/month=*/" + r.pick(directories) + "-*." + r.pick(extensions)
	case k < 95: // a star in the bucket name
		return "arn:aws:s3:::acme-" + r.pick(environments) + "-" + r.pick(teams) + "-*/" + r.pick(directories) + "/*"
	default: // any bucket
		return "arn:aws:s3:::acme-*/" + r.pick(directories) + "/" + r.pick(teams) + "/*." + r.pick(extensions)
	}
}

func (r *random) s3Condition() Condition {
	c := Condition{}
	for range 1 + r.below(2) {
		switch k := r.below(100); {
		case k < 50:
			v := Strings{r.pick(teams)}
			if r.percent(40) {
				v = append(v, r.pick(teams)+"-ops")
			}
			c["StringEquals"] = map[string]Strings{keyTeam: v}
		case k < 85:
			v := Strings{r.pick(networks)}
			if r.percent(40) {
				if second := r.pick(networks); second != v[0] {
					v = append(v, second)
				}
			}
			c["IpAddress"] = map[string]Strings{keySourceIP: v}
		default:
			c["Bool"] = map[string]Strings{keySecureTransport: {"true"}}
		}
	}
	return c
}
