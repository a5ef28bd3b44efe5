// JDBC: batches, statements that the driver prepares after five uses, cursors, COPY, large values, errors, cancel, metadata.
import java.io.*;
import java.sql.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

public class Client {
    public static void main(String[] args) throws Exception {
        Map<String, String> env = System.getenv();
        String url = "jdbc:postgresql://" + env.get("PGHOST") + ":" + env.get("PGPORT") + "/" + env.get("PGDATABASE") + "?user=" + env.get("PGUSER");
        try (Connection db = DriverManager.getConnection(url)) {
            db.createStatement().execute("CREATE TABLE items (id int PRIMARY KEY, name text, price numeric, data bytea)");
            db.setAutoCommit(false);
            try (PreparedStatement insert = db.prepareStatement("INSERT INTO items VALUES (?, ?, ?, ?)")) {
                for (int i = 0; i < 2000; i++) {
                    insert.setInt(1, i); insert.setString(2, "item " + i); insert.setBigDecimal(3, new java.math.BigDecimal(i).movePointLeft(2));
                    insert.setBytes(4, new byte[i % 300]); insert.addBatch();
                }
                System.out.println(Arrays.stream(insert.executeBatch()).sum());
            }
            db.commit();
            Savepoint savepoint = db.setSavepoint();
            try { db.createStatement().execute("INSERT INTO items (id) VALUES (1)"); } catch (SQLException e) { System.out.println(e.getSQLState() + " " + e.getMessage()); }
            db.rollback(savepoint);
            try (PreparedStatement select = db.prepareStatement("SELECT name, price, data FROM items WHERE id = ?")) {
                long sum = 0;
                for (int i = 0; i < 500; i++) {
                    select.setInt(1, i * 3 % 2000);
                    try (ResultSet rows = select.executeQuery()) { while (rows.next()) sum += rows.getString(1).length() + rows.getBigDecimal(2).intValue() + rows.getBytes(3).length; }
                }
                System.out.println(sum);
            }
            try (Statement some = db.createStatement()) {
                some.setFetchSize(70);
                long sum = 0;
                try (ResultSet rows = some.executeQuery("SELECT i, repeat('v', 500) FROM generate_series(1, 5000) i")) { while (rows.next()) sum += rows.getInt(1) + rows.getString(2).length(); }
                System.out.println(sum);
            }
            db.commit();
            db.setAutoCommit(true);
            CopyManager copy = ((PGConnection) db).getCopyAPI();
            StringBuilder lines = new StringBuilder();
            for (int i = 3000; i < 20000; i++) lines.append(i).append("\tcopied\n");
            System.out.println(copy.copyIn("COPY items (id, name) FROM STDIN", new StringReader(lines.toString())));
            StringWriter out = new StringWriter();
            copy.copyOut("COPY (SELECT * FROM items ORDER BY id) TO STDOUT", out);
            System.out.println(out.toString().length() + " " + out.toString().hashCode());
            try { copy.copyIn("COPY items (id, name) FROM STDIN", new StringReader("x\ty\n")); } catch (SQLException e) { System.out.println(e.getSQLState()); }
            String big = "q".repeat(6000000);
            try (PreparedStatement echo = db.prepareStatement("SELECT ?::text")) {
                echo.setString(1, big);
                try (ResultSet rows = echo.executeQuery()) { rows.next(); System.out.println(rows.getString(1).equals(big)); }
            }
            try (Statement sleeper = db.createStatement()) {
                sleeper.setQueryTimeout(1);
                try { sleeper.execute("SELECT pg_sleep(60)"); } catch (SQLException e) { System.out.println(e.getSQLState()); }
            }
            try (ResultSet columns = db.getMetaData().getColumns(null, null, "items", null)) { while (columns.next()) System.out.println(columns.getString(4) + " " + columns.getString(6)); }
        }
    }
}
