"""SQLAlchemy: a mapped schema, a pool, unit of work, relations, errors, reflection, streamed rows."""
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

engine = sa.create_engine("postgresql+psycopg://", pool_size=4)


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), unique=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    facts: Mapped[dict] = mapped_column(sa.JSON)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("authors.id"), index=True)
    author: Mapped[Author] = relationship(back_populates="books")


Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all(Author(name=f"author {a}", books=[Book(title=f"book {a}.{b}", facts={"a": a, "b": [b]}) for b in range(10)])
                    for a in range(30))
    session.commit()
    try:
        session.add(Author(name="author 3"))
        session.commit()
    except sa.exc.IntegrityError as error:
        print(error.orig.sqlstate)
        session.rollback()
    book = session.scalars(sa.select(Book).join(Author).where(Author.name == "author 7").order_by(Book.id)).first()
    book.title = "t" * 2000000
    session.commit()
    session.expire_all()
    print(len(book.title), book.author.name, book.facts)
    with session.begin_nested() as nested:
        session.execute(sa.delete(Book))
        nested.rollback()
    print(session.scalar(sa.select(sa.func.count(Book.id))))


def work(number):
    with Session(engine) as own:
        return own.scalar(sa.select(sa.func.sum(Author.id)).where(Author.id % 7 == number % 7))


with ThreadPoolExecutor(12) as pool:
    print(list(pool.map(work, range(60))))
with engine.connect().execution_options(stream_results=True, max_row_buffer=100) as db:
    print(sum(row.i for row in db.execute(sa.text("SELECT i FROM generate_series(1, 10000) i"))))
inspector = sa.inspect(engine)
print(sorted(inspector.get_table_names()), inspector.get_foreign_keys("books"), inspector.get_indexes("books"))
Base.metadata.drop_all(engine)
