/*
 * The rules of Raft.pml that known-bad variants break, one macro each.
 *
 * The switches, one for each variant:
 *   ANY_LOG                   votes are given whatever the candidate's log
 *   LONGEST_LOG               logs are compared by index before term (trap 9)
 *   VOTE_TWICE                a second candidate of the same term gets a vote, too
 *   VOTE_BEFORE_WRITE         a vote leaves before it is durable (trap 1)
 *   OWN_VOTE_BEFORE_WRITE     a candidate asks, and counts itself, before its vote is durable (traps 1 and 2)
 *   ACKNOWLEDGE_BEFORE_WRITE  entries are acknowledged before they are durable (trap 29)
 *   COUNT_BEFORE_WRITE        a leader counts its own entries before they are durable (trap 28)
 *   ACKNOWLEDGE_OWN_END       the end of the own log is acknowledged, not the last entry described (trap 17)
 *   COMMIT_OWN_END            the commit index is taken up to the end of the own log (trap 24)
 *   OLD_TERM_COMMIT           entries of older terms are committed by counting (trap 16)
 *   CUT_ALWAYS                the log is cut after what a message describes without a conflict (trap 18)
 *   ANY_PREVIOUS              entries are placed behind an entry of another term
 *   HALF_QUORUM               half of the voters make a quorum
 */

/* A vote and a request for votes compare positions: first the term of the last entry, then its index. */
#ifdef LONGEST_LOG
#define position (1 + me.last * (TERMS + 1) + me.log[me.last])
#else
#define position (1 + me.log[me.last] * (ENTRIES + 1) + me.last)
#endif

#ifdef HALF_QUORUM
#define isQuorum(set) (2 * size(set) >= NODES)
#else
#define isQuorum(set) (2 * size(set) > NODES)
#endif

#ifdef OWN_VOTE_BEFORE_WRITE
#define mayAsk true
#else
#define mayAsk isWritten
#endif

#ifdef ANY_LOG
#define isUpToDate(t, c) true
#else
#define isUpToDate(t, c) (sent[t].request[c] >= position)
#endif
#ifdef VOTE_TWICE
#define mayVote(c) (me.role == Follower)
#else
#define mayVote(c) (me.role == Follower && (me.vote == 0 || me.vote == 1 + c))
#endif
#ifdef VOTE_BEFORE_WRITE
#define maySendVote true
#else
#define maySendVote isWritten
#endif

#ifdef ANY_PREVIOUS
#define matches(t, previous) (previous <= me.last)
#else
#define matches(t, previous) (previous <= me.last && me.log[previous] == sent[t].log[previous])
#endif
#define differs(t, previous, count) (count > 0 && me.log[previous + count] != sent[t].log[previous + count])
#ifdef CUT_ALWAYS
#define conflicts(t, previous, count) (me.last > previous + count || differs(t, previous, count))
#else
#define conflicts(t, previous, count) differs(t, previous, count)
#endif
#ifdef COMMIT_OWN_END
#define described(previous, count) me.last
#else
#define described(previous, count) (previous + count)
#endif
#ifdef ACKNOWLEDGE_OWN_END
#define acknowledged(previous, count) me.last
#else
#define acknowledged(previous, count) (previous + count)
#endif
#ifdef ACKNOWLEDGE_BEFORE_WRITE
#define mayAcknowledge true
#else
#define mayAcknowledge isWritten
#endif

#ifdef COUNT_BEFORE_WRITE
#define ownMatch(k) true
#else
#define ownMatch(k) (isWritten || me.disk.log[k] == me.log[k])
#endif
#ifdef OLD_TERM_COMMIT
#define mayCount(k) true
#else
#define mayCount(k) (me.log[k] == me.term)
#endif
