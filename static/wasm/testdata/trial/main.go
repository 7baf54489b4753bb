// Command trial does what needs the table of functions: it grows stacks, frees
// memory, recovers panics, defers, starts goroutines, calls through reflection.
// It prints what came of it.
package main

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"runtime/debug"
	"sync"
)

type shape interface{ Area() int }

type square struct{ side int }

// Area is a value's method: a nil pointer to the value has it too, and panics.
func (s square) Area() int { return s.side * s.side }

func deep(n int, p *int) int {
	var pad [64]int
	pad[n%64] = *p
	if n == 0 {
		runtime.GC()
		return pad[0]
	}
	return deep(n-1, p) + pad[n%64] - *p
}

func caught(f func()) (what string) {
	defer func() {
		thrown := recover()
		if err, is := thrown.(runtime.Error); is {
			what = "runtime error: " + err.Error()
			return
		}
		what = fmt.Sprint(thrown)
	}()
	f()
	return "nothing"
}

func manyDefers() (n int) {
	for i := range 3 {
		defer func() { n += i }()
	}
	defer func() { _ = recover() }()
	panic(errors.New("in between"))
}

func main() {
	one := 1
	fmt.Println("deep", deep(20_000, &one))

	var wg sync.WaitGroup
	sums := make([]int, 50)
	for i := range sums {
		wg.Go(func() { sums[i] = deep(100+i, &one) })
	}
	wg.Wait()
	fmt.Println("goroutines", sums)

	var list []int
	var none *square
	fmt.Println("index:", caught(func() { fmt.Println(list[len(os.Args)]) }))
	fmt.Println("nil:", caught(func() { var s shape = none; fmt.Println(s.Area()) }) != "nothing")
	fmt.Println("own:", caught(func() { panic(errors.New("own")) }))
	fmt.Println("defers", manyDefers())

	double := reflect.MakeFunc(reflect.TypeFor[func(int) int](), func(in []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(deep(200, &one) + int(in[0].Int()))}
	})
	fmt.Println("reflect", double.Interface().(func(int) int)(41), reflect.ValueOf(square{3}).Method(0).Call(nil)[0])

	kept := map[int][]byte{}
	for i := range 20_000 {
		kept[i%100] = make([]byte, 1000)
	}
	runtime.GC()
	fmt.Println("kept", len(kept))

	if len(os.Args) > 1 {
		fmt.Println(string(debug.Stack()))
		panic("the end")
	}
}
