// lib/pq at steady work through database/sql: prepared statements, parameters in text and binary, transactions, COPY.
package main

import (
	"database/sql"
	"fmt"

	"github.com/lib/pq"
	"segue.test/work"
)

func session(worker *work.Worker, more string) (*sql.DB, error) {
	db, err := sql.Open("postgres", fmt.Sprintf("sslmode=disable application_name='%s' %s", worker.Mode, more))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

type asker interface {
	Exec(query string, arguments ...any) (sql.Result, error)
	QueryRow(query string, arguments ...any) *sql.Row
}

func visit(worker *work.Worker, db asker) (visits int, user work.User, err error) {
	if err = db.QueryRow(work.Visit, worker.ID).Scan(&visits); err != nil {
		return
	}
	if _, err = db.Exec(work.Ledger, worker.Mode); err != nil {
		return
	}
	err = db.QueryRow(work.Row, worker.ID).Scan(user.Fields()...)
	return
}

func settle(worker *work.Worker, visits int, user work.User, err error) error {
	if err == nil {
		err = worker.Visited(visits, 1)
	}
	if err == nil {
		err = worker.Check(user)
	}
	return err
}

func parameters(more string) func(*work.Worker) error {
	return func(worker *work.Worker) error {
		db, err := session(worker, more)
		for err == nil && worker.GoesOn() {
			visits, user, failed := visit(worker, db)
			err = settle(worker, visits, user, failed)
		}
		return err
	}
}

func prepared(worker *work.Worker) error {
	db, err := session(worker, "")
	var statements [3]*sql.Stmt
	for i, text := range []string{work.Visit, work.Ledger, work.Row} {
		if err == nil {
			statements[i], err = db.Prepare(text)
		}
	}
	for err == nil && worker.GoesOn() {
		var visits int
		var user work.User
		if err = statements[0].QueryRow(worker.ID).Scan(&visits); err != nil {
			break
		}
		if _, err = statements[1].Exec(worker.Mode); err != nil {
			break
		}
		err = statements[2].QueryRow(worker.ID).Scan(user.Fields()...)
		err = settle(worker, visits, user, err)
	}
	return err
}

func transactions(worker *work.Worker) error {
	db, err := session(worker, "")
	for err == nil && worker.GoesOn() {
		var tx *sql.Tx
		if tx, err = db.Begin(); err != nil {
			break
		}
		visits, user, failed := visit(worker, tx)
		if err = tx.Commit(); failed != nil {
			err = failed
		}
		err = settle(worker, visits, user, err)
	}
	return err
}

func copies(worker *work.Worker) error {
	db, err := session(worker, "")
	for err == nil && worker.GoesOn() {
		var tx *sql.Tx
		var lines *sql.Stmt
		var visits int
		if tx, err = db.Begin(); err != nil {
			break
		}
		if lines, err = tx.Prepare(pq.CopyIn("ledger", "mode")); err != nil {
			break
		}
		for i := 0; i < 5 && err == nil; i++ {
			_, err = lines.Exec(worker.Mode)
		}
		if err == nil {
			_, err = lines.Exec()
		}
		if err == nil {
			err = lines.Close()
		}
		if err == nil {
			err = tx.QueryRow(work.Visit, worker.ID).Scan(&visits)
		}
		if err == nil {
			err = tx.Commit()
		}
		if err == nil {
			err = worker.Visited(visits, 5)
		}
	}
	return err
}

func main() {
	modes := []work.Mode{{Name: "parameters", Work: parameters("")}, {Name: "binary parameters", Work: parameters("binary_parameters=yes")},
		{Name: "prepared", Work: prepared}, {Name: "transactions", Work: transactions}, {Name: "copies", Work: copies}}
	work.Run(modes, len(modes))
}
