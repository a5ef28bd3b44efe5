// rust-postgres and tokio-postgres at steady work: prepared statements, simple queries, portals, COPY, requests that overlap. See _shared/work.py.
use futures_util::{future::try_join_all, SinkExt};
use postgres::{Client, NoTls, Row};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, error::Error, io, process, thread, time::Duration};

type Outcome = Result<(), Box<dyn Error>>;

const ROW: &str = "SELECT id, visits, note, price::float8, data FROM users WHERE id = ";
const VISIT: &str = "UPDATE users SET visits = visits + 1 WHERE id = $1 RETURNING visits";
const LEDGER: &str = "INSERT INTO ledger (mode) VALUES ($1)";
static ENDED: AtomicBool = AtomicBool::new(false);

struct Worker {
    mode: &'static str,
    id: i32,
    visits: i32,
    rows: i32,
}

impl Worker {
    fn conninfo(&self) -> Result<String, env::VarError> {
        Ok(format!("host={} port={} user={} dbname={} application_name='{}'", env::var("PGHOST")?, env::var("PGPORT")?, env::var("PGUSER")?,
                   env::var("PGDATABASE")?, self.mode))
    }

    fn session(&self) -> Result<Client, Box<dyn Error>> {
        Ok(Client::connect(&self.conninfo()?, NoTls)?)
    }

    fn goes_on(&self) -> bool {
        thread::sleep(Duration::from_millis(4));
        !ENDED.load(Ordering::Relaxed)
    }

    fn visited(&mut self, visits: i32, rows: i32) -> Outcome {
        self.visits += 1;
        self.rows += rows;
        (visits == self.visits).then_some(()).ok_or_else(|| format!("{visits} visits, {} of them made", self.visits).into())
    }

    fn check(&self, row: &Row) -> Outcome {
        let found: (i32, i32, String, f64, Vec<u8>) = (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
        let due = (self.id, self.visits, format!("note of {}: äöü", self.id), f64::from(self.id) + 0.25, vec![self.id as u8; 40]);
        (found == due).then_some(()).ok_or_else(|| format!("{found:?} where {due:?} is due").into())
    }
}

fn prepared(worker: &mut Worker) -> Outcome {
    let mut db = worker.session()?;
    let (visit, ledger, row) = (db.prepare(VISIT)?, db.prepare(LEDGER)?, db.prepare(&format!("{ROW}$1"))?);
    while worker.goes_on() {
        let visits = db.query_one(&visit, &[&worker.id])?.get(0);
        db.execute(&ledger, &[&worker.mode])?;
        worker.visited(visits, 1)?;
        worker.check(&db.query_one(&row, &[&worker.id])?)?;
    }
    Ok(())
}

fn each_time(worker: &mut Worker) -> Outcome {
    let mut db = worker.session()?;
    while worker.goes_on() {
        let mut work = db.transaction()?;
        let visits = work.query_one(VISIT, &[&worker.id])?.get(0);
        work.execute(LEDGER, &[&worker.mode])?;
        work.commit()?;
        worker.visited(visits, 1)?;
        worker.check(&db.query_one(&format!("{ROW}$1"), &[&worker.id])?)?;
    }
    Ok(())
}

fn simple(worker: &mut Worker) -> Outcome {
    let mut db = worker.session()?;
    while worker.goes_on() {
        let texts = db.simple_query(&format!("{}; {}", VISIT.replace("$1", &worker.id.to_string()), LEDGER.replace("$1", &format!("'{}'", worker.mode))))?;
        let visits = texts.iter().find_map(|text| match text {
            postgres::SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        worker.visited(visits.ok_or("no row")?.parse()?, 1)?;
    }
    Ok(())
}

fn portals(worker: &mut Worker) -> Outcome {
    let mut db = worker.session()?;
    while worker.goes_on() {
        let mut work = db.transaction()?;
        let portal = work.bind("SELECT id FROM users WHERE id > $1 ORDER BY id", &[&1000])?;
        let mut ids: Vec<i32> = Vec::new();
        for _ in 0..3 {
            ids.extend(work.query_portal(&portal, 30)?.iter().map(|row| row.get::<_, i32>(0)));
        }
        if ids != (1001..1091).collect::<Vec<_>>() {
            return Err(format!("{ids:?}").into());
        }
        let visits = work.query_one(VISIT, &[&worker.id])?.get(0);
        work.execute(LEDGER, &[&worker.mode])?;
        work.commit()?;
        worker.visited(visits, 1)?;
    }
    Ok(())
}

fn copies(worker: &mut Worker) -> Outcome {
    let mut db = worker.session()?;
    while worker.goes_on() {
        let mut writer = db.copy_in("COPY ledger (mode) FROM STDIN")?;
        for _ in 0..5 {
            writeln!(writer, "{}", worker.mode)?;
        }
        writer.finish()?;
        drop(db.copy_in("COPY ledger (mode) FROM STDIN")?); // given up
        let visits = db.query_one(VISIT, &[&worker.id])?.get(0);
        worker.visited(visits, 5)?;
        let mut out = String::new();
        db.copy_out(&format!("COPY ({ROW}{}) TO STDOUT", worker.id))?.read_to_string(&mut out)?;
        if !out.starts_with(&format!("{}\t{}\tnote of ", worker.id, worker.visits)) {
            return Err(out.into());
        }
    }
    Ok(())
}

/// tokio-postgres: many requests are on their way at once.
fn overlapping(worker: &mut Worker) -> Outcome {
    let conninfo = worker.conninfo()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let (db, connection) = tokio_postgres::connect(&conninfo, NoTls).await?;
        tokio::spawn(connection);
        let (visit, ledger, sum) = (db.prepare(VISIT).await?, db.prepare(LEDGER).await?, db.prepare("SELECT $1::int4 + id FROM users WHERE id = 1001").await?);
        while worker.goes_on() {
            let numbers: Vec<i32> = (0..30).collect();
            let asked = numbers.iter().map(|n| {
                let (db, sum) = (&db, &sum);
                async move { db.query_one(sum, &[n]).await }
            });
            let (sums, visits, written) = tokio::join!(try_join_all(asked), async { db.query_one(&visit, &[&worker.id]).await },
                                                       async { db.execute(&ledger, &[&worker.mode]).await });
            written?;
            let found: Vec<i32> = sums?.iter().map(|row| row.get(0)).collect();
            if found != (1001..1031).collect::<Vec<_>>() {
                return Err(format!("{found:?}").into());
            }
            worker.visited(visits?.get(0), 1)?;
            let mut sink = Box::pin(db.copy_in::<_, bytes::Bytes>("COPY ledger (mode) FROM STDIN").await?);
            sink.send(format!("{}\n", worker.mode).into()).await?;
            worker.rows += i32::try_from(sink.as_mut().finish().await?)?;
        }
        Ok(())
    })
}

fn main() {
    let modes: [(&str, fn(&mut Worker) -> Outcome); 6] = [("prepared", prepared), ("prepared each time", each_time), ("simple", simple), ("portals", portals),
                                                          ("copies", copies), ("overlapping", overlapping)];
    println!("steady {} {}", modes.len(), modes.len());
    let threads: Vec<_> = modes.into_iter().zip(1..).map(|((mode, work), id)| thread::spawn(move || {
        let mut worker = Worker { mode, id, visits: 0, rows: 0 };
        if let Err(problem) = work(&mut worker) {
            eprintln!("{mode}: {problem}");
            process::exit(1);
        }
        worker
    })).collect();
    let _ = io::stdin().read_to_end(&mut Vec::new());
    ENDED.store(true, Ordering::Relaxed);
    let said: Vec<String> = threads.into_iter().map(|thread| thread.join().unwrap())
        .map(|worker| format!("\"{}\": [{}, {}, {}]", worker.mode, worker.id, worker.visits, worker.rows)).collect();
    println!("{{{}}}", said.join(", "));
}
