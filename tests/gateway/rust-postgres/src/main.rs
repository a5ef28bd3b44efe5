// rust-postgres (tokio-postgres): statements, transactions, COPY both ways over the extended protocol, errors, cancel.
use postgres::{Client, NoTls};
use std::io::{Read, Write};
use std::{env, error::Error, thread, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let text = format!("host={} port={} user={} dbname={}", env::var("PGHOST")?, env::var("PGPORT")?, env::var("PGUSER")?, env::var("PGDATABASE")?);
    let mut db = Client::connect(&text, NoTls)?;
    db.batch_execute("CREATE TABLE items (id int PRIMARY KEY, name text, data bytea)")?;
    let insert = db.prepare("INSERT INTO items VALUES ($1, $2, $3)")?;
    let mut work = db.transaction()?;
    for i in 0..500i32 {
        work.execute(&insert, &[&i, &format!("item {i}"), &vec![1u8; i as usize]])?;
    }
    work.commit()?;
    let mut lost = db.transaction()?;
    lost.execute("DELETE FROM items", &[])?;
    lost.rollback()?;
    let failed = db.execute(&insert, &[&1, &"again", &vec![0u8]]).unwrap_err();
    println!("{:?}", failed.code());
    let mut writer = db.copy_in("COPY items (id, name) FROM STDIN")?;
    for i in 1000..9000 {
        writeln!(writer, "{i}\tcopied {i}")?;
    }
    println!("{}", writer.finish()?);
    let mut bad = db.copy_in("COPY items (id, name) FROM STDIN")?;
    writeln!(bad, "x\ty")?;
    println!("{:?}", bad.finish().unwrap_err().code());
    let abandoned = db.copy_in("COPY items (id, name) FROM STDIN")?;
    drop(abandoned);
    let mut out = Vec::new();
    db.copy_out("COPY (SELECT * FROM items ORDER BY id) TO STDOUT")?.read_to_end(&mut out)?;
    println!("{}", out.len());
    let big = "k".repeat(5_000_000);
    println!("{}", db.query_one("SELECT $1::text", &[&big])?.get::<_, String>(0) == big);
    let token = db.cancel_token();
    let canceller = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        token.cancel_query(NoTls).is_ok()
    });
    println!("{:?} {}", db.batch_execute("SELECT pg_sleep(60)").unwrap_err().code(), canceller.join().unwrap());
    let row = db.query_one("SELECT count(*), sum(length(data)) FROM items", &[])?;
    println!("{} {}", row.get::<_, i64>(0), row.get::<_, i64>(1));
    Ok(())
}
