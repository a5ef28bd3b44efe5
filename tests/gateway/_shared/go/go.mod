module segue.test/work

go 1.26.8
