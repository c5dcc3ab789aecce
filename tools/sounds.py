"""Write four tables of bot/zh: sounds.txt, the common characters under each of their sounds; spelled.txt, the pinyin of
words that the training examples use; frequent.txt, the words they use often; neighbours.txt, what stands beside
characters that are taken for others. Needs pypinyin; the program does not.

    .venv/bin/python tools/sounds.py

pypinyin at run time would cost the server 60 MB and 0.2 s at start; the tables are 50 kB.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict

from bot.nlu.crossvalidate import read_examples
from bot.nlu.segmenter import ROOT, Segmenter, shared_segmenter
from bot.nlu.spelling import is_name
from bot.zh.homophones import FREQUENT, SOUNDS, SPELLED, forget, guesses, look_alikes
from bot.zh.look_alikes import NEIGHBOURS
from bot.zh.normalise import normalise

RAREST = 60  # times in jieba's corpus: rarer characters are nobody's slip
SELDOM = 4  # times in the training examples
# Times in them. With 5 some 0.3 points less are lost to slips, and twice as many correct texts are read otherwise.
OFTEN = 10
# Examples that hold a pair. Seven slips in ten are put right then, and three in a thousand good texts changed.
BESIDE, ALWAYS_BESIDE = 2, 8
SHORTEST = 5  # letters: shorter ones are English words, names, abbreviations
NOT_PINYIN = {
    "women",
    "dating",
    "change",
    "manger",
    "banner",
    "danger",
    "singer",
    "linger",
    "hanger",
    "angle",
    "tongue",
}
LEAST_SHARE = 0.15  # of the phrases with a character in which it has the sound


def main() -> None:
    """Read the characters from jieba, the words from the examples and the sounds from pypinyin."""
    in_phrases = sounds_in_phrases()
    table: dict[str, list[str]] = defaultdict(list)
    for char in common_characters():
        for sound in sounds_of(char, in_phrases[char]):
            table[sound].append(char)
    lines = [f"{sound} {''.join(chars)}" for sound, chars in sorted(table.items())]
    SOUNDS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    texts = [text for text, _ in read_examples()]
    used = used_words(texts)
    spelled = [f"{letters} {word}" for letters, word in sorted(spelled_words(used).items())]
    SPELLED.write_text("\n".join(spelled) + "\n", encoding="utf-8")
    often = [word for word, count in used.items() if count >= OFTEN and not is_name(word, 0, len(word))]
    write_frequent(often, texts)
    write_neighbours([normalise(text).text for text in texts])


def used_words(texts: list[str]) -> dict[str, int]:
    """Words of the texts and how often they are used, frequent ones first."""
    segmenter = shared_segmenter()
    seen = Counter(word for text in texts for word in segmenter.words(text))
    return {
        word: count
        for word, count in sorted(seen.items(), key=lambda item: (-item[1], item[0]))
        if count >= SELDOM and len(word) > 1 and all(map(is_mainland_character, word))
    }


def write_frequent(often: list[str], texts: list[str]) -> None:
    """Leaves out what the examples (`texts`), which are spelled as they should be, would be mistaken for: 面单 for 免单."""
    FREQUENT.write_text("\n".join(often) + "\n", encoding="utf-8")
    forget()
    segmenter = shared_segmenter()
    mistaken = Counter(guess for text in texts for guess in guesses(text, segmenter.words(text), is_name))
    wrong = {word for (_, word), count in mistaken.items() if count > 1}
    FREQUENT.write_text("\n".join(word for word in often if word not in wrong) + "\n", encoding="utf-8")


def write_neighbours(texts: list[str]) -> None:
    """What stands before and behind each character that looks like another one, in BESIDE examples or more."""
    twins = look_alikes()
    pairs = Counter(text[at : at + 2] for text in texts for at in range(len(text) - 1))
    usual = {
        pair: count
        for pair, count in pairs.items()
        if count >= BESIDE and all(map(is_mainland_character, pair))
    }
    lines = []
    for char in sorted(twins):
        before = sides({pair[0]: count for pair, count in usual.items() if pair[1] == char})
        behind = sides({pair[1]: count for pair, count in usual.items() if pair[0] == char})
        lines.append(f"{char}\t{before}\t{behind}")
    NEIGHBOURS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def sides(counts: dict[str, int]) -> str:
    """The characters that stand there ALWAYS_BESIDE times or more, a bar, the others."""
    often = sorted(char for char, count in counts.items() if count >= ALWAYS_BESIDE)
    return "".join(often) + "|" + "".join(sorted(set(counts) - set(often)))


def spelled_words(used: dict[str, int]) -> dict[str, str]:
    """Pinyin and word; of two that are spelled alike the one that is used more."""
    out: dict[str, str] = {}
    for word in used:
        letters = "".join(lazy_pinyin(word)).replace("ü", "v")
        if len(letters) >= SHORTEST and letters not in NOT_PINYIN:
            out.setdefault(letters, word)
    return out


def common_characters() -> list[str]:
    """Most frequent first."""
    segmenter = Segmenter(ROOT / "no-dictionary")
    segmenter.words("退款")
    counts = segmenter._tokenizer.FREQ
    found = [char for char in counts if counts[char] >= RAREST and is_mainland_character(char)]
    return sorted(found, key=lambda char: (-counts[char], char))


def is_mainland_character(char: str) -> bool:
    """Whether it is in GB 2312: jieba's list has damaged characters too."""
    try:
        return len(char) == 1 and "\u4e00" <= char <= "\u9fff" and len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def sounds_in_phrases() -> dict[str, Counter[str]]:
    """How often each character has each of its sounds."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, syllables in phrases_dict.items():
        if len(phrase) == len(syllables):
            for char, sound in zip(phrase, syllables, strict=True):
                seen[char][to_normal(sound[0])] += 1
    return seen


def sounds_of(char: str, in_phrases: Counter[str]) -> list[str]:
    """Its usual sound, then others that it often has, without tone, ü written v."""
    usual = pinyin(char, style=Style.NORMAL)[0][0].replace("ü", "v")
    enough = LEAST_SHARE * max(sum(in_phrases.values()), 1)
    others = [sound.replace("ü", "v") for sound, count in in_phrases.items() if count >= enough]
    return list(dict.fromkeys([usual, *sorted(others)]))


if __name__ == "__main__":
    main()
