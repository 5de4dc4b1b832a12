/*
 * What the models share: sets of nodes, scratch variables, and one rule for every node, index or term.
 *
 * Promela chooses among alternatives that are written out, so what a rule ranges over is written out here, up to four
 * nodes, four entries and four terms. NODES, ENTRIES and TERMS are the bounds; the including model gives defaults.
 */

/* A set of nodes is a byte with a bit for each. */
#define bit(x) (1 << (x))
#define has(set, x) (((set) >> (x)) & 1)
#define size(set) (has(set, 0) + has(set, 1) + has(set, 2) + has(set, 3))

/* The node that acts. */
#define me node[i]

/* Scratch variables are zero between steps, so that they make no states of their own. */
byte other, at, found, limit;
inline clear() { other = 0; at = 0; found = 0; limit = 0 }

/* A rule: whenever the guard holds the effect may happen, in one step. */
#define step(guard, effect) :: d_step { guard -> effect; clear() }

#if NODES == 2
#define eachNode(rule, t) rule(t, 0) rule(t, 1)
#elif NODES == 3
#define eachNode(rule, t) rule(t, 0) rule(t, 1) rule(t, 2)
#elif NODES == 4
#define eachNode(rule, t) rule(t, 0) rule(t, 1) rule(t, 2) rule(t, 3)
#else
#error NODES must be 2, 3 or 4
#endif

#if ENTRIES == 1
#define eachIndex(rule, t) rule(t, 1)
#elif ENTRIES == 2
#define eachIndex(rule, t) rule(t, 1) rule(t, 2)
#elif ENTRIES == 3
#define eachIndex(rule, t) rule(t, 1) rule(t, 2) rule(t, 3)
#elif ENTRIES == 4
#define eachIndex(rule, t) rule(t, 1) rule(t, 2) rule(t, 3) rule(t, 4)
#else
#error ENTRIES must be between 1 and 4
#endif

#if TERMS == 1
#define eachTerm(rules) rules(1)
#elif TERMS == 2
#define eachTerm(rules) rules(1) rules(2)
#elif TERMS == 3
#define eachTerm(rules) rules(1) rules(2) rules(3)
#elif TERMS == 4
#define eachTerm(rules) rules(1) rules(2) rules(3) rules(4)
#else
#error TERMS must be between 1 and 4
#endif
