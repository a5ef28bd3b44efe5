// node-postgres: a pool at work, named statements, transactions, errors, a cursor, COPY both ways, LISTEN.
const { Pool, Client } = require('pg');
const Cursor = require('pg-cursor');
const copy = require('pg-copy-streams');
const { pipeline } = require('stream/promises');
const { Readable, Writable } = require('stream');

async function main() {
    const pool = new Pool({ max: 6 });
    await pool.query('CREATE TABLE items (id int PRIMARY KEY, name text, data bytea, doc jsonb)');
    await Promise.all(Array.from({ length: 200 }, (_, i) => pool.query({
        name: 'insert', text: 'INSERT INTO items VALUES ($1, $2, $3, $4)',
        values: [i, 'item ' + i, Buffer.from([i, 0, 255]), { i, list: [1, null] }] })));
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('UPDATE items SET name = $1 WHERE id < 50', ['gone']);
    await client.query('ROLLBACK');
    try { await client.query('INSERT INTO items (id) VALUES (1)'); } catch (e) { console.log(e.code, e.constraint, e.detail); }
    try { await client.query('SELECT $1::int', ['x']); } catch (e) { console.log(e.code, e.message); }
    client.release();
    console.log((await pool.query('SELECT count(*), min(name), sum(length(data)) FROM items')).rows);
    console.log((await pool.query({ name: 'one', text: 'SELECT * FROM items WHERE id = $1', values: [7] })).rows[0]);
    const big = 'ä'.repeat(4000000);
    console.log((await pool.query('SELECT $1::text AS big', [big])).rows[0].big === big);

    const own = new Client();
    await own.connect();
    const cursor = own.query(new Cursor('SELECT i FROM generate_series(1, 1000) i'));
    const read = [(await cursor.read(3)).length, (await cursor.read(500)).length];
    await cursor.close();
    console.log('cursor', read);
    const lines = Array.from({ length: 5000 }, (_, i) => `${1000 + i}\tcopied ${i}\n`);
    await pipeline(Readable.from(lines), own.query(copy.from('COPY items (id, name) FROM STDIN')));
    let bytes = 0;
    await pipeline(own.query(copy.to('COPY (SELECT * FROM items ORDER BY id) TO STDOUT')),
                   new Writable({ write(chunk, _, done) { bytes += chunk.length; done(); } }));
    console.log('copied', bytes);
    try { await pipeline(Readable.from(['x\ty\n']), own.query(copy.from('COPY items (id, name) FROM STDIN'))); } catch (e) { console.log(e.code); }
    await own.query('LISTEN news');
    const heard = new Promise((resolve) => own.on('notification', (n) => resolve(n.channel + ' ' + n.payload)));
    await pool.query("NOTIFY news, 'hello'");
    console.log(await heard);
    await own.end();
    await pool.end();
}
main().catch((e) => { console.error(e); process.exit(1); });
