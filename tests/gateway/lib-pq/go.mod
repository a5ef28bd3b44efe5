module client

go 1.26.8

require github.com/lib/pq v1.12.3

require segue.test/work v0.0.0

replace segue.test/work => ../_shared/go
