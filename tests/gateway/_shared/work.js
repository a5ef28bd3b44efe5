// What the steady work of the clients of JavaScript has in common: see work.py.
exports.ROW = 'SELECT id, visits, note, price, born, data FROM users WHERE id = ';
exports.VISIT = (id) => `UPDATE users SET visits = visits + 1 WHERE id = ${id} RETURNING visits`;
exports.LEDGER = (mode) => `INSERT INTO ledger (mode) VALUES (${mode})`;

const PAUSE_MS = 4;
let ended = false;

class Worker {
    constructor(mode, id) { Object.assign(this, { mode, id, visits: 0, rows: 0 }); }

    async *rounds() {
        while (!ended) {
            yield;
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
    }

    require(condition, found) {
        if (!condition)
            throw new Error(`${this.mode}: ${JSON.stringify(found)} is not what is due after ${this.visits} visits`);
    }

    visited(visits, rows = 1) {
        this.visits++;
        this.rows += rows;
        this.require(visits === this.visits, visits);
    }

    check(row) {
        this.require(row.id === this.id && row.visits === this.visits && row.note === `note of ${this.id}: äöü` && Number(row.price) === this.id + 0.25 &&
                     row.born.getTime() === Date.UTC(2026, 0, 1, this.id) && Buffer.from(row.data).equals(Buffer.alloc(40, this.id)), row);
    }
}

exports.run = async (modes, sessions) => {
    const names = Object.keys(modes);
    const workers = names.map((mode, i) => new Worker(mode, i + 1));
    console.log('steady', names.length, sessions || names.length);
    process.stdin.on('end', () => { ended = true; }).resume();
    try {
        await Promise.all(workers.map((worker) => modes[worker.mode](worker)));
    } catch (e) {
        console.error(e);
        process.exit(1);
    }
    console.log(JSON.stringify(Object.fromEntries(workers.map((w) => [w.mode, [w.id, w.visits, w.rows]]))));
    process.exit(0);
};
