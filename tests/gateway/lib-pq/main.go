// lib/pq through database/sql: statements, transactions, COPY, errors, a deadline that cancels.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/lib/pq"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	db, err := sql.Open("postgres", "sslmode=disable")
	must(err)
	db.SetMaxOpenConns(4)
	_, err = db.Exec("CREATE TABLE items (id int PRIMARY KEY, name text, at timestamptz)")
	must(err)
	insert, err := db.Prepare("INSERT INTO items VALUES ($1, $2, $3)")
	must(err)
	for i := 0; i < 300; i++ {
		_, err = insert.Exec(i, fmt.Sprint("item ", i), time.Unix(int64(i)*1000, 0))
		must(err)
	}
	tx, err := db.Begin()
	must(err)
	copied, err := tx.Prepare(pq.CopyIn("items", "id", "name"))
	must(err)
	for i := 1000; i < 9000; i++ {
		_, err = copied.Exec(i, "copied")
		must(err)
	}
	_, err = copied.Exec()
	must(err)
	must(copied.Close())
	must(tx.Commit())
	_, err = db.Exec("INSERT INTO items VALUES ($1)", 1)
	var failed *pq.Error
	fmt.Println(errors.As(err, &failed), failed.Code, failed.Constraint)
	var count int
	var last time.Time
	must(db.QueryRow("SELECT count(*), max(at) FROM items").Scan(&count, &last))
	fmt.Println(count, last.UTC())
	var big string
	must(db.QueryRow("SELECT $1::text", strings.Repeat("h", 5000000)).Scan(&big))
	fmt.Println(len(big))
	short, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	_, err = db.ExecContext(short, "SELECT pg_sleep(60)")
	cancel()
	fmt.Println(err != nil)
	must(db.QueryRow("SELECT count(*) FROM items WHERE name = 'copied'").Scan(&count))
	fmt.Println(count)
}
