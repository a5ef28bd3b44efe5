// node-postgres at steady work: plain statements, parameters, named statements, a pool, a cursor, COPY both ways.
const { Pool, Client } = require('pg');
const Cursor = require('pg-cursor');
const copy = require('pg-copy-streams');
const { pipeline } = require('stream/promises');
const { Readable, Writable } = require('stream');
const work = require('../_shared/work.js');

const POOLED = 3;

async function session(worker) {
    const client = new Client({ application_name: worker.mode });
    await client.connect();
    return client;
}

async function plain(worker) {
    const client = await session(worker);
    for await (const _ of worker.rounds()) {
        const both = await client.query(`${work.VISIT(worker.id)}; ${work.LEDGER(`'${worker.mode}'`)}`);
        worker.visited(both[0].rows[0].visits);
        worker.check((await client.query(work.ROW + worker.id)).rows[0]);
    }
}

async function ask(client, worker, named) {
    const query = (name, text, values) => client.query(named ? { name, text, values } : { text, values });
    worker.visited((await query('visit', work.VISIT('$1'), [worker.id])).rows[0].visits);
    await query('ledger', work.LEDGER('$1'), [worker.mode]);
    worker.check((await query('row', work.ROW + '$1', [worker.id])).rows[0]);
}

const steadily = (named) => async (worker) => {
    const client = await session(worker);
    for await (const _ of worker.rounds())
        await ask(client, worker, named);
};

async function pooled(worker) {
    const pool = new Pool({ application_name: worker.mode, max: POOLED, idleTimeoutMillis: 0 });
    for await (const _ of worker.rounds()) {
        const client = await pool.connect();
        await client.query('BEGIN');
        const others = [1, 2].map((n) => pool.query({ name: 'other', text: 'SELECT $1::int AS n', values: [n] }));
        const visits = (await client.query(work.VISIT('$1'), [worker.id])).rows[0].visits;
        await client.query(work.LEDGER('$1'), [worker.mode]);
        await client.query('COMMIT');
        client.release();
        worker.visited(visits);
        worker.require((await Promise.all(others)).every((o, i) => o.rows[0].n === i + 1), others);
        worker.check((await pool.query(work.ROW + '$1', [worker.id])).rows[0]);
    }
}

async function cursors(worker) {
    const client = await session(worker);
    for await (const _ of worker.rounds()) {
        await client.query('BEGIN');
        const cursor = client.query(new Cursor('SELECT id FROM users WHERE id > $1 ORDER BY id', [1000]));
        const ids = [...await cursor.read(30), ...await cursor.read(40)].map((row) => row.id);
        await cursor.close();
        await client.query('COMMIT');
        worker.require(ids.length === 70 && ids.every((id, i) => id === 1001 + i), ids);
        await ask(client, worker, false);
    }
}

async function copies(worker) {
    const client = await session(worker);
    for await (const _ of worker.rounds()) {
        await pipeline(Readable.from(Array(5).fill(`${worker.mode}\n`)), client.query(copy.from('COPY ledger (mode) FROM STDIN')));
        worker.visited((await client.query(work.VISIT('$1'), [worker.id])).rows[0].visits, 5);
        let out = '';
        await pipeline(client.query(copy.to(`COPY (${work.ROW}${worker.id}) TO STDOUT`)), new Writable({ write(chunk, _, done) { out += chunk; done(); } }));
        worker.require(out.startsWith(`${worker.id}\t${worker.visits}\tnote of ${worker.id}: äöü\t`), out);
    }
}

const modes = { plain, parameters: steadily(false), named: steadily(true), pooled, cursors, copies };
work.run(modes, Object.keys(modes).length - 1 + POOLED);
