// Package parley runs the built binary as a person would: it starts it on a
// data folder, kills it, starts it again, and talks to its API from outside.
package parley
