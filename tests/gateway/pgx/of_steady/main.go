// pgx at steady work: each of its ways to ask, batches, COPY in binary, a pool.
package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"segue.test/work"
)

const pooled = 3

var ctx = context.Background()

type asker interface {
	Exec(ctx context.Context, sql string, arguments ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
}

func session(worker *work.Worker, mode pgx.QueryExecMode) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = mode
	config.RuntimeParams["application_name"] = worker.Mode
	return pgx.ConnectConfig(ctx, config)
}

func round(worker *work.Worker, db asker) error {
	var visits int
	var user work.User
	if err := db.QueryRow(ctx, work.Visit, worker.ID).Scan(&visits); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, work.Ledger, worker.Mode); err != nil {
		return err
	}
	if err := worker.Visited(visits, 1); err != nil {
		return err
	}
	if err := db.QueryRow(ctx, work.Row, worker.ID).Scan(user.Fields()...); err != nil {
		return err
	}
	return worker.Check(user)
}

func asking(mode pgx.QueryExecMode) func(*work.Worker) error {
	return func(worker *work.Worker) error {
		db, err := session(worker, mode)
		for err == nil && worker.GoesOn() {
			err = round(worker, db)
		}
		return err
	}
}

func batches(worker *work.Worker) error {
	db, err := session(worker, pgx.QueryExecModeCacheStatement)
	for err == nil && worker.GoesOn() {
		var visits int
		var user work.User
		batch := &pgx.Batch{}
		batch.Queue(work.Visit, worker.ID).QueryRow(func(row pgx.Row) error { return row.Scan(&visits) })
		for i := 0; i < 5; i++ {
			batch.Queue(work.Ledger, worker.Mode)
		}
		batch.Queue(work.Row, worker.ID).QueryRow(func(row pgx.Row) error { return row.Scan(user.Fields()...) })
		if err = db.SendBatch(ctx, batch).Close(); err != nil {
			break
		}
		if err = worker.Visited(visits, 5); err == nil {
			err = worker.Check(user)
		}
	}
	return err
}

func copies(worker *work.Worker) error {
	db, err := session(worker, pgx.QueryExecModeCacheStatement)
	for err == nil && worker.GoesOn() {
		rows := make([][]any, 5)
		for i := range rows {
			rows[i] = []any{worker.Mode}
		}
		var visits int
		err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{"ledger"}, []string{"mode"}, pgx.CopyFromRows(rows)); err != nil {
				return err
			}
			return tx.QueryRow(ctx, work.Visit, worker.ID).Scan(&visits)
		})
		if err == nil {
			err = worker.Visited(visits, 5)
		}
	}
	return err
}

func inPool(worker *work.Worker) error {
	pool, err := pgxpool.New(ctx, fmt.Sprintf("pool_max_conns=%d application_name=pool", pooled))
	for err == nil && worker.GoesOn() {
		others := make(chan error, pooled)
		for i := 0; i < pooled; i++ {
			go func() {
				var n int
				others <- pool.QueryRow(ctx, "SELECT count(*) FROM users WHERE id > $1", 1000).Scan(&n)
			}()
		}
		err = round(worker, pool)
		for i := 0; i < pooled; i++ {
			if other := <-others; other != nil {
				err = other
			}
		}
	}
	return err
}

func main() {
	modes := []work.Mode{
		{Name: "statements kept", Work: asking(pgx.QueryExecModeCacheStatement)},
		{Name: "descriptions kept", Work: asking(pgx.QueryExecModeCacheDescribe)},
		{Name: "described each time", Work: asking(pgx.QueryExecModeDescribeExec)},
		{Name: "not described", Work: asking(pgx.QueryExecModeExec)},
		{Name: "simple", Work: asking(pgx.QueryExecModeSimpleProtocol)},
		{Name: "batches", Work: batches}, {Name: "copies", Work: copies}, {Name: "pool", Work: inPool},
	}
	work.Run(modes, len(modes)-1+pooled)
}
