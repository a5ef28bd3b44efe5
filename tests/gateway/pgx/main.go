// pgx: a pool at work, cached statements, batches, COPY in binary, transactions, errors, a deadline that cancels, NOTIFY.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "sslmode=prefer pool_max_conns=6")
	must(err)
	defer pool.Close()
	_, err = pool.Exec(ctx, "CREATE TABLE items (id int PRIMARY KEY, name text, data bytea, tags text[])")
	must(err)
	var group sync.WaitGroup
	for i := 0; i < 200; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			_, err := pool.Exec(ctx, "INSERT INTO items VALUES ($1, $2, $3, $4)", i, fmt.Sprint("item ", i), make([]byte, i), []string{"a", "b"})
			must(err)
		}()
	}
	group.Wait()
	rows := make([][]any, 0, 9000)
	for i := 1000; i < 10000; i++ {
		rows = append(rows, []any{i, "copied", []byte{1}, nil})
	}
	n, err := pool.CopyFrom(ctx, pgx.Identifier{"items"}, []string{"id", "name", "data", "tags"}, pgx.CopyFromRows(rows))
	fmt.Println(n, err)
	_, err = pool.CopyFrom(ctx, pgx.Identifier{"items"}, []string{"id"}, pgx.CopyFromRows([][]any{{1}}))
	var failed *pgconn.PgError
	fmt.Println(errors.As(err, &failed), failed.Code, failed.ConstraintName)
	batch := &pgx.Batch{}
	for i := 0; i < 100; i++ {
		batch.Queue("SELECT name FROM items WHERE id = $1", i)
	}
	batch.Queue("SELECT nothing")
	results := pool.SendBatch(ctx, batch)
	length := 0
	for i := 0; i < 100; i++ {
		var name string
		if results.QueryRow().Scan(&name) == nil {
			length += len(name)
		}
	}
	err = results.Close()
	fmt.Println(length, errors.As(err, &failed), failed.Code)
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM items"); err != nil {
			return err
		}
		return errors.New("changed my mind")
	})
	fmt.Println(err)
	var big string
	must(pool.QueryRow(ctx, "SELECT $1::text", strings.Repeat("g", 5000000)).Scan(&big))
	fmt.Println(len(big))
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	_, err = pool.Exec(short, "SELECT pg_sleep(60)")
	cancel()
	fmt.Println(err != nil)
	conn, err := pgx.Connect(ctx, "")
	must(err)
	_, err = conn.Exec(ctx, "LISTEN news")
	must(err)
	_, err = pool.Exec(ctx, "NOTIFY news, 'hello'")
	must(err)
	heard, err := conn.WaitForNotification(ctx)
	must(err)
	fmt.Println(heard.Channel, heard.Payload)
	must(conn.Close(ctx))
	var count, sum int
	must(pool.QueryRow(ctx, "SELECT count(*), sum(length(data)) FROM items").Scan(&count, &sum))
	fmt.Println(count, sum)
}
