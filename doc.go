// Package portcullis is the tour of a library that decides, exactly as AWS
// would, whether a principal may do an action on a resource. It holds no code;
// its five packages do, and a decision flows through them in this order:
//
//	bytes ─► policy.Document ─► policy.Policy ─► principal.Principal ─► evaluate.Evaluator ─► Decision
//	          (syntax tree)      (compiled)        (who, and layers)      (compiled layers)
//
//	arn ◄── condition ◄── policy ◄── principal ◄── evaluate       each imports only to its left
//
// Package arn takes Amazon Resource Names apart, those of IAM's users, roles
// and sessions too, and matches them with patterns.
//
// Package condition holds what a request brings along, a Context of typed
// values, and the operators and policy variables that a Condition tests it
// with.
//
// Package policy reads policy documents, strictly and with positions, says
// which elements are legal in which kind of policy, writes them back, and
// compiles them. Its sub-package managed holds every policy that AWS manages.
//
// Package principal knows who asks: a Directory of accounts, loaded from the
// output of aws iam get-account-authorization-details or built in code,
// resolves a user, a role or a session to everything that applies to it, each
// policy with the place where it came from.
//
// Package evaluate puts a request before all that and decides. A Decision
// tells allowed, explicitly denied and implicitly denied apart and names the
// layer, the policy, the statement and the line; an Explanation tells everything
// that went into it.
//
// Around these stand packages for tasks: policy/catalog knows the actions of AWS,
// evaluate/iamtest asserts least privilege in unit tests, evaluate/sts derives
// sessions, with principal/federation for the claims of tokens, and evaluate/cognito
// and evaluate/apigateway for these services; evaluate/httpguard guards the routes
// of a server, and evaluate/hotreload follows its policies.
//
// Nothing here needs a network, a server or an AWS account. Compiled values
// are immutable and safe for any number of goroutines, and a decision
// allocates nothing. A policy that is not fully understood is refused with an
// error that says where and why; it never grants.
package portcullis
