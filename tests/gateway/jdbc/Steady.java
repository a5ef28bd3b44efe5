// JDBC at steady work: statements prepared at the first and at the fifth use, the simple protocol, batches and cursors, COPY. See _shared/work.py.
import java.io.*;
import java.sql.*;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.PGConnection;

public class Steady {
    static final String ROW = "SELECT id, visits, note, price, born, data FROM users WHERE id = ";
    static final String VISIT = "UPDATE users SET visits = visits + 1 WHERE id = ? RETURNING visits";
    static final String LEDGER = "INSERT INTO ledger (mode) VALUES (?)";
    static volatile boolean ended;

    interface Mode { void work(Worker worker, Connection db) throws Exception; }

    static class Worker {
        final String mode;
        final int id;
        int visits, rows;

        Worker(String mode, int id) { this.mode = mode; this.id = id; }

        boolean goesOn() throws InterruptedException { Thread.sleep(4); return !ended; }

        void require(boolean condition, Object found) {
            if (!condition) throw new IllegalStateException(mode + ": " + found + " is not what is due after " + visits + " visits");
        }

        void visited(int found, int more) { visits++; rows += more; require(found == visits, found); }

        int visit(PreparedStatement visit) throws SQLException {
            visit.setInt(1, id);
            try (ResultSet row = visit.executeQuery()) { row.next(); return row.getInt(1); }
        }

        void check(PreparedStatement select) throws SQLException {
            select.setInt(1, id);
            try (ResultSet row = select.executeQuery()) {
                byte[] data = new byte[40];
                Arrays.fill(data, (byte)id);
                require(row.next() && row.getInt(1) == id && row.getInt(2) == visits && row.getString(3).equals("note of " + id + ": äöü") &&
                        row.getBigDecimal(4).doubleValue() == id + 0.25 &&
                        row.getTimestamp(5).toInstant().equals(java.time.Instant.parse("2026-01-01T00:00:00Z").plusSeconds(3600L * id)) &&
                        Arrays.equals(row.getBytes(6), data), "the row");
            }
        }
    }

    static void plain(Worker worker, Connection db) throws Exception {
        try (PreparedStatement visit = db.prepareStatement(VISIT); PreparedStatement ledger = db.prepareStatement(LEDGER);
             PreparedStatement select = db.prepareStatement(ROW + "?")) {
            ledger.setString(1, worker.mode);
            while (worker.goesOn()) {
                int visits = worker.visit(visit);
                ledger.executeUpdate();
                worker.visited(visits, 1);
                worker.check(select);
            }
        }
    }

    static void batches(Worker worker, Connection db) throws Exception {
        db.setAutoCommit(false);
        try (PreparedStatement visit = db.prepareStatement(VISIT); PreparedStatement ledger = db.prepareStatement(LEDGER);
             PreparedStatement many = db.prepareStatement("SELECT id FROM users WHERE id > ? ORDER BY id LIMIT 90")) {
            many.setFetchSize(20);
            while (worker.goesOn()) {
                for (int i = 0; i < 6; i++) { ledger.setString(1, worker.mode); ledger.addBatch(); }
                ledger.executeBatch();
                many.setInt(1, 1000);
                int due = 1000;
                try (ResultSet rows = many.executeQuery()) { while (rows.next()) worker.require(rows.getInt(1) == ++due, due); }
                worker.require(due == 1090, due);
                int visits = worker.visit(visit);
                db.commit();
                worker.visited(visits, 6);
            }
        }
    }

    static void copies(Worker worker, Connection db) throws Exception {
        var copy = db.unwrap(PGConnection.class).getCopyAPI();
        try (PreparedStatement visit = db.prepareStatement(VISIT)) {
            while (worker.goesOn()) {
                copy.copyIn("COPY ledger (mode) FROM STDIN", new StringReader((worker.mode + "\n").repeat(5)));
                worker.visited(worker.visit(visit), 5);
                StringWriter out = new StringWriter();
                copy.copyOut("COPY (" + ROW + worker.id + ") TO STDOUT", out);
                worker.require(out.toString().startsWith(worker.id + "\t" + worker.visits + "\tnote of "), out);
            }
        }
    }

    record Way(String mode, String options, Mode work) {}

    public static void main(String[] args) throws Exception {
        List<Way> ways = List.of(new Way("prepared at once", "prepareThreshold=1", Steady::plain), new Way("prepared later", "prepareThreshold=5", Steady::plain),
                                 new Way("never prepared", "prepareThreshold=0", Steady::plain), new Way("binary", "prepareThreshold=-1", Steady::plain),
                                 new Way("simple", "preferQueryMode=simple", Steady::plain), new Way("batches", "reWriteBatchedInserts=true", Steady::batches),
                                 new Way("copies", "", Steady::copies));
        Map<String, String> env = System.getenv();
        System.out.println("steady " + ways.size() + " " + ways.size());
        Map<String, Worker> workers = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (Way way : ways) {
            Worker worker = new Worker(way.mode, workers.size() + 1);
            workers.put(way.mode, worker);
            String url = "jdbc:postgresql://" + env.get("PGHOST") + ":" + env.get("PGPORT") + "/" + env.get("PGDATABASE") + "?user=" + env.get("PGUSER") + "&" + way.options;
            threads.add(new Thread(() -> {
                try (Connection db = DriverManager.getConnection(url)) {
                    way.work.work(worker, db);
                } catch (Throwable e) {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(1);
                }
            }));
        }
        for (Thread thread : threads) thread.start();
        System.in.readAllBytes();
        ended = true;
        for (Thread thread : threads) thread.join();
        StringJoiner out = new StringJoiner(", ", "{", "}");
        for (Worker worker : workers.values()) out.add("\"" + worker.mode + "\": [" + worker.id + ", " + worker.visits + ", " + worker.rows + "]");
        System.out.println(out);
    }
}
