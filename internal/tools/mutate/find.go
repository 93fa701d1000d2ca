package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A finder lists the mutants of a file.
type finder struct {
	files *token.FileSet
	info  *types.Info
	text  []byte
	found []*mutant
}

// walk finds the mutants of a file, outer ones before inner ones.
func (f *finder) walk(file *ast.File) {
	ast.PreorderStack(file, nil, func(node ast.Node, stack []ast.Node) bool {
		return f.visit(node, stack)
	})
}

func (f *finder) offset(pos token.Pos) int { return f.files.Position(pos).Offset }

func (f *finder) source(node ast.Node) string {
	return string(f.text[f.offset(node.Pos()):f.offset(node.End())])
}

// visit looks at a node below the nodes of stack, and tells whether to go on
// below it.
func (f *finder) visit(node ast.Node, stack []ast.Node) bool {
	if len(stack) == 0 {
		return true
	}
	parent := stack[len(stack)-1]
	switch parent := parent.(type) {
	case *ast.CaseClause:
		if !conditions(stack) && within(node, parent.List) {
			return false
		}
	case *ast.KeyValueExpr:
		if node == parent.Key {
			return false
		}
	case *ast.BinaryExpr:
		if (parent.Op == token.SHL || parent.Op == token.SHR) && f.constant(node) {
			return false
		}
	case *ast.AssignStmt:
		if (parent.Tok == token.SHL_ASSIGN || parent.Tok == token.SHR_ASSIGN) && f.constant(node) {
			return false
		}
	case *ast.CallExpr:
		if f.capacity(node, parent) {
			return false
		}
	case *ast.ReturnStmt:
		if f.meaningless(node, parent) {
			return false
		}
	}
	switch node := node.(type) {
	case *ast.GenDecl:
		return node.Tok == token.VAR
	case *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.Field, *ast.CommentGroup:
		return false
	case ast.Stmt:
		f.statement(node, stack)
		return true
	case ast.Expr:
		return f.expression(node, stack)
	}
	return true
}

// conditions tells whether the case clause at the end of stack belongs to a
// switch without a tag.
func conditions(stack []ast.Node) bool {
	for at := len(stack) - 1; at >= 0; at-- {
		if s, ok := stack[at].(*ast.SwitchStmt); ok {
			return s.Tag == nil
		}
		if _, ok := stack[at].(*ast.TypeSwitchStmt); ok {
			return false
		}
	}
	return false
}

func within(node ast.Node, list []ast.Expr) bool {
	for _, e := range list {
		if e == node {
			return true
		}
	}
	return false
}

func (f *finder) constant(node ast.Node) bool {
	e, ok := node.(ast.Expr)
	return ok && f.info.Types[e].Value != nil
}

// capacity tells whether node is the argument of a call of make that changes
// nothing but speed.
func (f *finder) capacity(node ast.Node, call *ast.CallExpr) bool {
	if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "make" || len(call.Args) < 2 {
		return false
	}
	if len(call.Args) == 3 && node == call.Args[2] {
		return true
	}
	_, isMap := f.info.TypeOf(call.Args[0]).Underlying().(*types.Map)
	return isMap && node == call.Args[1]
}

// meaningless tells whether node is a number that is returned beside false,
// where nobody may look at it.
func (f *finder) meaningless(node ast.Node, result *ast.ReturnStmt) bool {
	if _, ok := node.(*ast.BasicLit); !ok {
		return false
	}
	last, ok := result.Results[len(result.Results)-1].(*ast.Ident)
	return ok && last.Name == "false"
}

// statement adds the mutants of a statement.
func (f *finder) statement(node ast.Stmt, stack []ast.Node) {
	droppable := false
	switch stack[len(stack)-1].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		droppable = true
	}
	drop := func() {
		if droppable {
			f.wrap("delete", node, stack, "if !mutant__.Is(#) { ", " }", "")
		}
	}
	switch node := node.(type) {
	case *ast.ExprStmt:
		if call, ok := node.X.(*ast.CallExpr); ok {
			if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "panic" {
				return
			}
		}
		drop()
	case *ast.BranchStmt:
		if node.Tok == token.BREAK || node.Tok == token.CONTINUE {
			drop()
		}
	case *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		drop()
	case *ast.IncDecStmt:
		drop()
		name, mutated := "Add", "--"
		if node.Tok == token.DEC {
			name, mutated = "Sub", "++"
		}
		f.add("arithmetic", node, stack, f.source(node.X)+mutated, edit{
			at: f.offset(node.TokPos), end: f.offset(node.TokPos) + 2,
			text: " = mutant__." + name + "(#, " + f.source(node.X) + ", 1)",
		})
	case *ast.AssignStmt:
		if node.Tok == token.DEFINE {
			return
		}
		blank := true
		for _, left := range node.Lhs {
			if name, ok := left.(*ast.Ident); !ok || name.Name != "_" {
				blank = false
			}
		}
		if blank {
			return
		}
		drop()
		name, mutated := "", ""
		switch node.Tok {
		case token.ADD_ASSIGN:
			name, mutated = "Add", "-="
		case token.SUB_ASSIGN:
			name, mutated = "Sub", "+="
		case token.AND_ASSIGN:
			name, mutated = "And", "|="
		case token.OR_ASSIGN:
			name, mutated = "Or", "&="
		}
		if name == "" || !isNumeric(f.info.TypeOf(node.Lhs[0])) || f.untypedShift(node.Rhs[0]) {
			return
		}
		f.add("arithmetic", node, stack, f.source(node.Lhs[0])+" "+mutated+" "+f.source(node.Rhs[0]),
			edit{
				at: f.offset(node.TokPos), end: f.offset(node.TokPos) + 2,
				text: "= mutant__." + name + "(#, " + f.source(node.Lhs[0]) + ", ",
			},
			edit{at: f.offset(node.End()), end: f.offset(node.End()), back: true, text: ")"})
	}
}

// untypedShift tells whether e is a shift of a constant, whose type is that of
// its surroundings.
func (f *finder) untypedShift(e ast.Expr) bool {
	shift, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && (shift.Op == token.SHL || shift.Op == token.SHR) && f.constant(shift.X)
}

// expression adds the mutants of an expression, and tells whether to go on
// below it.
func (f *finder) expression(node ast.Expr, stack []ast.Node) bool {
	value := f.info.Types[node]
	if value.IsType() {
		return false
	}
	if value.Type != nil && isBool(value.Type) && f.negates(node, stack) {
		f.wrap("negate", node, stack, "(mutant__.Is(#) != (", "))", f.negated(node))
	}
	f.zero(node, stack)
	if value.Value != nil {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.INT {
			if basic, ok := value.Type.(*types.Basic); ok && basic.Info()&types.IsUntyped == 0 && basic.Info()&types.IsInteger != 0 {
				f.wrap("number", node, stack, "mutant__.Larger["+basic.Name()+"](#, ", ")", literal.Value+"+1")
			}
		}
		return false
	}
	binary, ok := node.(*ast.BinaryExpr)
	if !ok {
		return true
	}
	operator := func(name, with, mutant string) {
		at := f.offset(binary.OpPos)
		left, right := f.offset(binary.X.Pos()), f.offset(binary.Y.End())
		f.add(name, node, stack, f.source(binary.X)+" "+with+" "+f.source(binary.Y),
			edit{at: left, end: left, text: "mutant__." + mutant + "(#, "},
			edit{at: at, end: at + len(binary.Op.String()), text: ", "},
			edit{at: right, end: right, back: true, text: ")"})
	}
	switch binary.Op {
	case token.LAND, token.LOR:
		with := "||"
		if binary.Op == token.LOR {
			with = "&&"
		}
		// De Morgan: a || b is !(!a && !b), and no operand is written twice.
		var edits []edit
		put := func(at int, back bool, text string) {
			edits = append(edits, edit{at: at, end: at, back: back, text: text})
		}
		put(f.offset(binary.X.Pos()), false, "(mutant__.Is(#) != ((mutant__.Is(#) != (")
		put(f.offset(binary.X.End()), true, "))")
		put(f.offset(binary.Y.Pos()), false, "(mutant__.Is(#) != (")
		put(f.offset(binary.Y.End()), true, "))))")
		f.add("logic", node, stack, f.source(binary.X)+" "+with+" "+f.source(binary.Y), edits...)
	case token.LSS:
		operator("boundary", "<=", "Lt")
	case token.LEQ:
		operator("boundary", "<", "Le")
	case token.GTR:
		operator("boundary", ">=", "Gt")
	case token.GEQ:
		operator("boundary", ">", "Ge")
	case token.ADD, token.SUB, token.AND, token.OR:
		if !isNumeric(value.Type) || f.untypedShift(binary.X) || f.untypedShift(binary.Y) {
			break
		}
		switch binary.Op {
		case token.ADD:
			operator("arithmetic", "-", "Add")
		case token.SUB:
			operator("arithmetic", "+", "Sub")
		case token.AND:
			operator("arithmetic", "|", "And")
		case token.OR:
			operator("arithmetic", "&", "Or")
		}
	}
	return true
}

// negates tells whether a Boolean expression is one to negate: a condition, an
// operand or a result as a whole, or a comparison or literal anywhere. Of
// parentheses and ! the outermost stands for all.
func (f *finder) negates(node ast.Expr, stack []ast.Node) bool {
	at := len(stack) - 1
	if wraps(stack[at]) {
		return false
	}
	core := node
	not := false
	for wraps(core) {
		if unary, ok := core.(*ast.UnaryExpr); ok {
			core, not = unary.X, true
		} else {
			core = core.(*ast.ParenExpr).X
		}
	}
	switch parent := stack[at].(type) {
	case *ast.IfStmt, *ast.ForStmt, *ast.ReturnStmt:
		return true
	case *ast.CaseClause:
		return within(node, parent.List)
	case *ast.BinaryExpr:
		if parent.Op == token.LAND || parent.Op == token.LOR {
			inner, ok := core.(*ast.BinaryExpr)
			return !ok || inner.Op != parent.Op
		}
	}
	switch core := core.(type) {
	case *ast.BinaryExpr:
		return core.Op != token.LAND && core.Op != token.LOR || not
	case *ast.Ident:
		return not || core.Name == "true" || core.Name == "false"
	}
	return not
}

func wraps(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.ParenExpr:
		return true
	case *ast.UnaryExpr:
		return node.Op == token.NOT
	}
	return false
}

func (f *finder) negated(node ast.Expr) string {
	text := f.source(node)
	switch node := node.(type) {
	case *ast.UnaryExpr:
		return f.source(node.X)
	case *ast.Ident:
		switch text {
		case "true":
			return "false"
		case "false":
			return "true"
		}
		return "!" + text
	case *ast.BinaryExpr:
		opposite := map[token.Token]string{
			token.EQL: "!=", token.NEQ: "==", token.LSS: ">=", token.LEQ: ">", token.GTR: "<=", token.GEQ: "<",
		}[node.Op]
		if opposite != "" {
			return f.source(node.X) + " " + opposite + " " + f.source(node.Y)
		}
		return "!(" + text + ")"
	}
	return "!" + text
}

// zero adds the mutant that returns a zero value in place of a result.
func (f *finder) zero(node ast.Expr, stack []ast.Node) {
	result, ok := stack[len(stack)-1].(*ast.ReturnStmt)
	if !ok {
		return
	}
	signature := f.signature(stack)
	if signature == nil || signature.Results().Len() != len(result.Results) {
		return
	}
	value := f.info.Types[node]
	for at, e := range result.Results {
		if e != node || value.IsNil() {
			continue
		}
		want := signature.Results().At(at).Type()
		if isBool(want) {
			return
		}
		if literal, ok := node.(*ast.CompositeLit); ok && len(literal.Elts) == 0 {
			if _, isStruct := want.Underlying().(*types.Struct); isStruct {
				return
			}
		}
		if value.Value != nil {
			if text := value.Value.ExactString(); text == "0" || text == `""` {
				return
			}
		}
		argument := ""
		switch {
		case types.Identical(want, types.Universe.Lookup("error").Type()):
			argument = "[error]"
		case !types.Identical(want, value.Type):
			return
		case value.Value != nil:
			basic, ok := want.(*types.Basic)
			if !ok {
				return
			}
			argument = "[" + basic.Name() + "]"
		}
		f.wrap("zero", node, stack, "mutant__.Zero"+argument+"(#, ", ")", "the zero value")
	}
}

func (f *finder) signature(stack []ast.Node) *types.Signature {
	for at := len(stack) - 1; at >= 0; at-- {
		switch function := stack[at].(type) {
		case *ast.FuncLit:
			signature, _ := f.info.TypeOf(function).(*types.Signature)
			return signature
		case *ast.FuncDecl:
			return f.info.Defs[function.Name].Type().(*types.Signature)
		}
	}
	return nil
}

func isBool(t types.Type) bool {
	basic, ok := types.Unalias(t).(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

func isNumeric(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0 && basic.Info()&types.IsComplex == 0
}

func (f *finder) wrap(operator string, node ast.Node, stack []ast.Node, before, after, mutated string) {
	from, to := f.offset(node.Pos()), f.offset(node.End())
	f.add(operator, node, stack, mutated, edit{at: from, end: from, text: before}, edit{at: to, end: to, back: true, text: after})
}

func (f *finder) add(operator string, node ast.Node, stack []ast.Node, mutated string, edits ...edit) {
	m := &mutant{
		start: f.files.Position(node.Pos()), end: f.files.Position(node.End()),
		operator: operator, original: short(f.source(node)), mutated: short(mutated), edits: edits,
	}
	if operator == "delete" {
		m.mutated = "nothing"
	}
	for _, outer := range stack {
		if function, ok := outer.(*ast.FuncDecl); ok {
			m.function = function.Name.Name
			if function.Recv != nil && len(function.Recv.List) == 1 {
				receiver := strings.TrimPrefix(f.source(function.Recv.List[0].Type), "*")
				receiver, _, _ = strings.Cut(receiver, "[")
				m.function = receiver + "." + m.function
			}
		}
	}
	if m.function == "" {
		m.function = "-"
	}
	from := m.start.Offset - m.start.Column + 1
	line, _, _ := strings.Cut(string(f.text[from:]), "\n")
	m.line = strings.TrimSpace(line)
	f.found = append(f.found, m)
}

// short puts text on one line of bounded length.
func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:99]) + "…"
	}
	return text
}
