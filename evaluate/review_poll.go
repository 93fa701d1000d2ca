package evaluate

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// A poll decides one question for many callers, several at a time.
type poll struct {
	question   *prepared
	candidates []*person
	progress   func(done, total int)

	decisions []Decision // of the candidates; each worker writes those that it drew
	drawn     atomic.Int64

	mutex    sync.Mutex
	done     int
	reported int
	err      error
}

const (
	// drawAtOnce is how many callers a worker draws at a time: few enough that
	// a cancelled poll ends within a fraction of a millisecond, and that all
	// workers end together.
	drawAtOnce = 32
	// reportEvery is how many callers are decided between two reports.
	reportEvery = 1024
)

// run decides for all candidates. The error is that of the context if that was
// cancelled before all were decided.
func (p *poll) run(ctx context.Context, r *Review, workers int) error {
	p.decisions = make([]Decision, len(p.candidates))
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, (len(p.candidates)+drawAtOnce-1)/drawAtOnce)
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(func() { p.work(ctx, r) })
	}
	if workers > 0 {
		p.work(ctx, r)
	}
	others.Wait()
	if p.err != nil {
		return p.err
	}
	if p.progress != nil && (p.reported < p.done || p.done == 0) {
		p.progress(p.done, p.done)
	}
	return nil
}

// work draws callers and decides for them until none is left, somebody failed,
// or the context is cancelled.
func (p *poll) work(ctx context.Context, r *Review) {
	var b booth
	if err := p.question.fill(&b.request); err != nil {
		p.fail(err)
		return
	}
	for {
		to := int(p.drawn.Add(drawAtOnce))
		from := to - drawAtOnce
		if from >= len(p.candidates) {
			return
		}
		if err := ctx.Err(); err != nil {
			p.fail(err)
			return
		}
		to = min(to, len(p.candidates))
		for at := from; at < to; at++ {
			if err := p.decide(r, &b, at); err != nil {
				p.fail(err)
				return
			}
		}
		p.report(to - from)
	}
}

// A booth is where a worker decides: what it uses again for each caller.
type booth struct {
	request   Request
	evaluator Evaluator
	// identity and boundary are the statements of the caller that speak of the
	// question.
	identity, boundary sets
	// kept are the deciding statements of callers before, as many as were made
	// room for at once.
	kept []member
}

func (p *poll) decide(r *Review, b *booth, at int) error {
	someone := p.candidates[at]
	profile, err := r.profileOf(someone)
	if err != nil {
		return err
	}
	if err := p.question.turnTo(&b.request, someone.caller.AccountID); err != nil {
		return err
	}
	if !someone.indexed {
		p.decisions[at] = profile.evaluator.Evaluate(&b.request)
		return nil
	}
	b.evaluator = profile.evaluator
	r.index.fill(&b.identity, p.question.statements, profile.principal.IdentityPolicies, someone.identity)
	b.evaluator.identity = b.identity
	if profile.evaluator.bounded { // else it has none, or one that does not apply to it
		r.index.fill(&b.boundary, p.question.statements, profile.principal.PermissionsBoundaries, someone.boundary)
		b.evaluator.boundary = b.boundary
	}
	p.decisions[at] = b.keep(b.evaluator.Evaluate(&b.request))
	return nil
}

// keep gives a decision that the next caller does not change: the deciding
// statement, if it is one that comes into the answer, is kept apart from the
// statements that the booth uses again.
func (b *booth) keep(d Decision) Decision {
	if d.by == nil || d.Outcome != Allowed && d.Outcome != Undetermined {
		return d
	}
	if len(b.kept) == cap(b.kept) {
		b.kept = make([]member, 0, drawAtOnce)
	}
	b.kept = append(b.kept, *d.by)
	d.by = &b.kept[len(b.kept)-1]
	return d
}

// fail ends the poll: nothing is left to draw.
func (p *poll) fail(err error) {
	p.drawn.Store(int64(len(p.candidates)))
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.err == nil {
		p.err = err
	}
}

// report counts callers that are decided.
func (p *poll) report(count int) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.done += count
	if p.progress != nil && p.err == nil && p.done-p.reported >= reportEvery {
		p.reported = p.done
		p.progress(p.done, len(p.candidates))
	}
}

// answer sorts the decisions.
func (p *poll) answer() *Answer {
	answer := new(Answer)
	for at := range p.decisions {
		access := Access{Caller: p.candidates[at].name, Decision: p.decisions[at]}
		switch access.Decision.Outcome {
		case Allowed:
			answer.Allowed = append(answer.Allowed, access)
		case Undetermined:
			answer.Undetermined = append(answer.Undetermined, access)
		}
	}
	return answer
}
