// Package work is what the steady work of the clients of Go has in common: see work.py.
package work

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	Row    = "SELECT id, visits, note, price::float8, born, data FROM users WHERE id = $1"
	Visit  = "UPDATE users SET visits = visits + 1 WHERE id = $1 RETURNING visits"
	Ledger = "INSERT INTO ledger (mode) VALUES ($1)"
)

var ended atomic.Bool

type Worker struct {
	Mode         string
	ID           int
	visits, rows int
}

type Mode struct {
	Name string
	Work func(*Worker) error
}

// User is a row as Row asks for it.
type User struct {
	ID, Visits int
	Note       string
	Price      float64
	Born       time.Time
	Data       []byte
}

func (user *User) Fields() []any {
	return []any{&user.ID, &user.Visits, &user.Note, &user.Price, &user.Born, &user.Data}
}

func (worker *Worker) GoesOn() bool {
	time.Sleep(4 * time.Millisecond)
	return !ended.Load()
}

func (worker *Worker) Visited(visits, rows int) error {
	worker.visits++
	worker.rows += rows
	if visits != worker.visits {
		return fmt.Errorf("%d visits, %d of them made", visits, worker.visits)
	}
	return nil
}

func (worker *Worker) Check(user User) error {
	born := time.Date(2026, 1, 1, worker.ID, 0, 0, 0, time.UTC)
	if user.ID != worker.ID || user.Visits != worker.visits || user.Note != fmt.Sprintf("note of %d: äöü", worker.ID) ||
		user.Price != float64(worker.ID)+0.25 || !user.Born.Equal(born) || !bytes.Equal(user.Data, bytes.Repeat([]byte{byte(worker.ID)}, 40)) {
		return fmt.Errorf("%v is not what is due after %d visits", user, worker.visits)
	}
	return nil
}

// Run lets all of them work until standard input ends.
func Run(modes []Mode, sessions int) {
	fmt.Println("steady", len(modes), sessions)
	said := map[string][]int{}
	workers := make([]*Worker, len(modes))
	var group sync.WaitGroup
	for i, mode := range modes {
		workers[i] = &Worker{Mode: mode.Name, ID: i + 1}
		group.Go(func() {
			if err := mode.Work(workers[i]); err != nil {
				fmt.Fprintln(os.Stderr, mode.Name, err)
				os.Exit(1)
			}
		})
	}
	_, _ = io.ReadAll(os.Stdin)
	ended.Store(true)
	group.Wait()
	for _, worker := range workers {
		said[worker.Mode] = []int{worker.ID, worker.visits, worker.rows}
	}
	out, _ := json.Marshal(said)
	fmt.Println(string(out))
}
