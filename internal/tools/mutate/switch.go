package main

// switchSource is the package that is added to the copy of the module. A
// process has at most one mutant on, the one whose number it finds in the
// environment; with -1 it records which ones it comes by, in a file in memory
// so that it does not matter how the process ends.
const switchSource = `package mutant

import (
	"cmp"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
)

var active = start()

var reached []byte

func start() int {
	number, _ := strconv.Atoi(os.Getenv("MUTANT"))
	if number < 0 {
		file, err := os.OpenFile(os.Getenv("MUTANTS_REACHED"), os.O_RDWR, 0)
		if err != nil {
			panic(err)
		}
		info, err := file.Stat()
		if err != nil {
			panic(err)
		}
		reached, err = syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
		if err != nil {
			panic(err)
		}
	}
	if number > 0 {
		debug.SetMaxStack(64 << 20)
		syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: 4 << 30, Max: 4 << 30})
	}
	return number
}

func Is(number int) bool {
	if active >= 0 {
		return active == number
	}
	reached[number] = 1
	return false
}

func Lt[T cmp.Ordered](number int, a, b T) bool {
	if Is(number) {
		return a <= b
	}
	return a < b
}

func Le[T cmp.Ordered](number int, a, b T) bool {
	if Is(number) {
		return a < b
	}
	return a <= b
}

func Gt[T cmp.Ordered](number int, a, b T) bool {
	if Is(number) {
		return a >= b
	}
	return a > b
}

func Ge[T cmp.Ordered](number int, a, b T) bool {
	if Is(number) {
		return a > b
	}
	return a >= b
}

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

type numeric interface {
	integer | ~float32 | ~float64
}

func Add[T numeric](number int, a, b T) T {
	if Is(number) {
		return a - b
	}
	return a + b
}

func Sub[T numeric](number int, a, b T) T {
	if Is(number) {
		return a + b
	}
	return a - b
}

func And[T integer](number int, a, b T) T {
	if Is(number) {
		return a | b
	}
	return a & b
}

func Or[T integer](number int, a, b T) T {
	if Is(number) {
		return a & b
	}
	return a | b
}

func Larger[T integer](number int, a T) T {
	if Is(number) {
		return a + 1
	}
	return a
}

func Zero[T any](number int, a T) T {
	if Is(number) {
		var zero T
		return zero
	}
	return a
}
`
