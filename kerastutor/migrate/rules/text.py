"""keras.preprocessing.text: Tokenizer, one_hot, text_to_word_sequence are TextVectorization and Python today."""

import libcst as cst

from .. import syntax
from ..file import first_name
from ..rule import Rule

OLD = "keras.preprocessing.text."


def survey(file):
    """Tokenizers that are only fitted, and then only turn texts into sequences."""
    file.tokenizers = {}
    for target, values in file.values.items():
        if len(values) != 1 or not isinstance(values[0], cst.Call):
            continue
        if file.meaning(values[0].func) == OLD + "Tokenizer":
            words = {a.keyword.value if a.keyword else "num_words" for a in values[0].args}
            calls = [c for _, c in file.calls if isinstance(c.func, cst.Attribute)
                     and syntax.code(c.func.value) == target]
            used = {c.func.attr.value for c in calls}
            mentions = sum(syntax.code(a) == target for a in _Attributes.of(file.module))
            if words <= {"num_words", "nb_words"} and used <= {"fit_on_texts", "texts_to_sequences"}:
                if mentions == len(calls) and all(len(c.args) == 1 for c in calls):
                    file.tokenizers[target] = values[0]


class _Attributes(cst.CSTVisitor):
    """What stands before each dot."""

    def __init__(self):
        self.found = []

    def visit_Attribute(self, node):
        self.found.append(node.value)

    @classmethod
    def of(cls, module):
        visitor = cls()
        module.visit(visitor)
        return visitor.found


def tokenizer(call):
    """`Tokenizer(num_words=n)` -> `TextVectorization(max_tokens=n + 1)`: one number more, for unknown words."""
    if call.original not in call.file.tokenizers.values():
        call.say("Tokenizer is gone: TextVectorization.adapt(texts) learns the words and calling it gives padded "
                 "numbers; get_vocabulary() is its list of words (0 is padding, 1 an unknown word). This file uses "
                 "more of the Tokenizer than that.")
        return
    n = call.get("num_words", 0)
    n = n if n is not None else call.get("nb_words")
    call.refer("keras.layers.TextVectorization")
    if n is not None and syntax.code(n) != "None":
        size = syntax.literal(n)
        text = str(size + 1) if isinstance(size, int) else f"{syntax.code(n)} + 1"
        call.args = [syntax.argument("max_tokens", syntax.expression(text))]
    else:
        call.args = []
    call.say("TextVectorization numbers words from 2 (0 is padding, 1 an unknown word), the Tokenizer from 1 and "
             "left unknown words out: an Embedding after it needs one row more, and results differ a little. In real "
             "Keras this layer needs TensorFlow to be installed.")


def fitted(call):
    if syntax.code(call.receiver) in call.file.tokenizers:
        call.rename_method("adapt")


def sequences(call):
    """Rows of the words' numbers, without the padding behind them, as pad_sequences expects."""
    tokenizer = syntax.code(call.receiver)
    if tokenizer in call.file.tokenizers:
        convert = call.file.named("keras.ops.convert_to_numpy", "Tokenizer")
        call.replace(f"[row[row > 0] for row in {convert}({tokenizer}({syntax.code(call.args[0].value)}))]")


def split(call):
    if len(call.args) == 1 and call.positional:
        strip = 'str.maketrans("!\\"#$%&()*+,-./:;<=>?@[\\\\]^_`{|}~\\t\\n", " " * 34)'
        text = syntax.code(call.positional[0])
        if syntax.is_dotted(call.positional[0]):
            call.replace(f"{text}.lower().translate({strip}).split()")
            call.file.left.add(first_name(call.original.func))
            return
    call.say("text_to_word_sequence is gone: text.lower().split(), after the punctuation is taken out.")


def one_hot(call):
    call.say("one_hot hashed words to numbers: use keras.layers.Hashing(num_bins=n), or TextVectorization, which "
             "gives each word a number of its own.")


RULES = [
    Rule(
        "tokenizer",
        "A Tokenizer that only makes sequences is TextVectorization.",
        "from keras.preprocessing.text import Tokenizer\ntok = Tokenizer(num_words=100)\n"
        "tok.fit_on_texts(texts)\nrows = tok.texts_to_sequences(texts)\n",
        "from keras.layers import TextVectorization\nfrom keras import ops\ntok = TextVectorization(max_tokens=101)\n"
        "tok.adapt(texts)\nrows = [row[row > 0] for row in ops.convert_to_numpy(tok(texts))]\n",
        surveys=(survey,),
        calls={OLD + "Tokenizer": tokenizer},
        methods={"fit_on_texts": fitted, "texts_to_sequences": sequences},
        finds=("numbers words from 2",),
    ),
    Rule(
        "word-sequence",
        "text_to_word_sequence is Python's own split.",
        "from keras.preprocessing.text import text_to_word_sequence\nwords = text_to_word_sequence(text)\n",
        "words = text.lower().translate(str.maketrans(\"!\\\"#$%&()*+,-./:;<=>?@[\\\\]^_`{|}~\\t\\n\", \" \" * 34))"
        ".split()\n",
        calls={OLD + "text_to_word_sequence": split},
    ),
    Rule(
        "one-hot-words",
        "one_hot is explained.",
        "from keras.preprocessing.text import one_hot\nnumbers = one_hot(text, 50)\n",
        "from keras.preprocessing.text import one_hot\nnumbers = one_hot(text, 50)\n",
        calls={OLD + "one_hot": one_hot, OLD + "hashing_trick": one_hot},
        finds=("Hashing",),
    ),
]
