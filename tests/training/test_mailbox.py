from threading import Thread

from nnstudio.training.mailbox import Mailbox


def test_an_empty_mailbox_gives_none() -> None:
    assert Mailbox[int]().take() is None


def test_the_newest_value_wins() -> None:
    box = Mailbox[int]()
    box.put(1)
    box.put(2)
    assert box.take() == 2


def test_a_value_is_taken_once() -> None:
    box = Mailbox[int]()
    box.put(1)
    box.take()
    assert box.take() is None


def test_a_reader_beside_a_writer_sees_values_in_their_order() -> None:
    box = Mailbox[int]()

    def write() -> None:
        for number in range(20_000):
            box.put(number)

    writer = Thread(target=write)
    writer.start()
    seen = []
    while writer.is_alive():
        value = box.take()
        if value is not None:
            seen.append(value)
    writer.join()
    last = box.take()
    seen += [] if last is None else [last]
    assert seen == sorted(set(seen))
    assert seen[-1] == 19_999
