"""The weights of the alignment, in one table.

A reading's score is the sum of these; differences count, not absolute values. Roughly, 1 is a hint, 3 is
evidence, 6 is as good as certain. Position is evidence, never proof: a term of the closed vocabulary
(LEVEL_FULL) outweighs a wrong column (STEP_ASIDE_FAR), so that shifted cells are still recognised.
"""

# What a text says about the role it could play.
LEVEL_FULL = 6.0  # a level term in full (数量指标) in its role
LEVEL_SHORT = 4.0  # a level term without its suffix (数量)
LEVEL_LOOKS = 2.0  # ends like a level term but is not in the vocabulary (制度建设指标)
LEVEL_NESTED = 4.5  # a first-level term as second level: 满意度指标 as its own, 实施效果's 产出指标
LEVEL_OTHER = -7.0  # any other text as a level
NAME = 1.0  # any text as an indicator's name
NAME_TAIL = 1.0  # that ends as names do (率, 数量, 及时性)
NAME_IS_LEVEL = -8.0  # a level term as a name
NAME_IS_VALUE = -3.0  # a number, date or set phrase as a name
VALUE = {
    "number": 3.0,
    "range": 2.5,
    "date": 2.5,
    "words": 2.5,
    "remnant": 2.0,
    "operator": 0.5,
    "unit": 1.0,
    "sentence": 0.5,
    "text": -0.5,
    "empty": -2.0,  # punctuation only
}
VALUE_IS_NAME = -3.0  # a text that ends as names do, as a value
VALUE_IS_LEVEL = -8.0
EXACT_ROLE = 3.0  # a sign in a sign column, a unit in a unit column, a number as weight
UNIT_LOOKS = 0.5  # a short text that ends as units do, in a unit column
LONGEST_UNIT = 8  # characters of such a text
WRONG_ROLE = -6.0
FREE_TEXT = 0.8  # any text in a column of free text (remark, explanation)
SIDE = 6.0  # the label down the side
SKIP = -5.0  # a text left out of the table

# What position says.
STEP_ASIDE = -2.0  # from here on the row's cells stand one column further left or right than before
STEP_ASIDE_FAR = -3.0  # several columns further
STEP_ASIDE_RULED = -3.5  # the same where the source shows which cells are empty
STEP_ASIDE_FAR_RULED = -5.0
ASIDE = -0.3  # a cell beside its role's own column, wherever the step was made
INSIDE_BREAK = -9.0  # one indicator going on over the end of a physical row
NO_BREAK = -9.0  # two indicators in one physical row
JUMP = -0.8  # a column passed over where the source prints its empty cells too

UNNAMED = -1.5  # a column that no head names

# What the row as a whole says.
NO_NAME = -4.5  # a value without a name
NO_VALUE = -2.5  # a name without any value
NO_VALUE_PLACED = -1.8  # the same where the cells stand in columns
NO_VALUE_RULED = -0.3  # the same where the source shows that the cell is empty
BARE_LEVEL = -2.0  # a level without any name under it
UNIT_AGREES = 0.5  # a rate with a percentage

# What the levels say about each other.
PAIR_KNOWN = 1.0  # the second level belongs to the first in some regime
PAIR_UNKNOWN = -2.0  # it does not
NESTED_ALONE = -5.0  # a first-level term as second level under a first that has it in no regime
NO_LEVEL2 = -3.0  # a name right under a first level, where the form has second levels
LEVEL_REPEATS = -0.2  # the level of the row above, printed once more

MOST_MORE = 1.5  # the most that levels and units can add to one step
BEAM = 6.5  # readings this far behind the best are given up
LIKELY = 6.0  # where cells stand in columns, one is tried in those this far behind its best
