package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// untilSignal is ctx with an end at the first SIGINT or SIGTERM. The second one
// does what it does to any program, at once. release gives signals back.
//
// signal.NotifyContext is not this: between the end of its context and its stop
// it swallows a signal.
func untilSignal(ctx context.Context) (_ context.Context, release func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	released, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for first := true; ; first = false {
			select {
			case s := <-signals:
				cancel()
				if !first {
					raise(s)
				}
			case <-released:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(released)
		<-ended
		cancel()
	}
}

// raise sends the process a signal that is not caught any more.
func raise(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Signal(s)
	}
}
