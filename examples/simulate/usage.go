package main

const usage = `usage:
  simulate [-account FILE ...] -principal CALLER -action ACTION ... [-resource ARN ...] [more]
  simulate [-account FILE ...] -who-can ACTION RESOURCE [more]
  simulate [-account FILE ...] -what-can CALLER [-resource ARN ...] [more]
  simulate -cases FILE ... [-check]

Who asks, and for what:
  -account FILE            output of aws iam get-account-authorization-details; several files may be
                           given, pages of one account or several accounts
  -principal CALLER        the ARN of a user, role, role session, federated user or root user, the
                           name of a service, or "anonymous"
  -action ACTION           such as s3:GetObject; several are asked about one by one
  -resource ARN            the resource, "*" if left out; several are asked about one by one
  -resource-account ID     the account that owns the resources, where their ARNs do not say it

Everybody, and everything:
  -who-can ACTION RESOURCE all users, roles and root users of the accounts who may do it, and the
                           statements that let them; -principal names one more, such as a service
  -what-can CALLER         what CALLER may do of all actions that AWS documents, by service and
                           access level: on each -resource, or else on what the policies speak of

What else bears on it:
  -context KEY=VALUE       a condition key; KEY=[A,B] is a list, KEY=[] a list without values
  -context-file FILE       condition keys as a JSON object or as an array of ContextEntries
  -unknown KEY             a condition key of which nothing is known; several may be given. The
                           answer tells what it hangs on. If more is known (quote it for the shell):
                             KEY=?       it is there with one value
                             KEY=[?]     it is there as a list
                             KEY?=VALUE  it is absent, or has this value, which may be [A,B], ?, [?]
  -resource-policy FILE    the policy of the resources; for sts:AssumeRole a role's trust policy
  -session-policy FILE     a policy passed when the session was made

How to answer:
  -explain                 with the whole tree: every statement that speaks of the action, why it
                           applies or not, and what would have to change for another decision
  -json                    as SimulatePrincipalPolicy does; what that has no words for is added

Neutral cases, "-" for standard input:
  -cases FILE              answer every case, one line each; a bad one gets an Error for an answer;
                           several files may be given
  -check                   instead, tell the cases that differ from what they expect

A key that nothing is said about is absent; for -what-can it is unknown. In what that prints, a
pattern such as Get* stands for the actions of its access level that can be asked about.

Exit status: 0 allowed or as expected, 1 denied or different, 2 bad usage or bad input. What hangs
on unknown keys counts as denied; -who-can and -what-can give 0 if anybody or anything is allowed.
`
