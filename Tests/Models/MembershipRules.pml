/*
 * The rules of Membership.pml that known-bad variants break, one macro each.
 *
 * The switches, one for each variant:
 *   UNCOVERED             a configuration is taken without knowing the one before to be committed (trap 37); without
 *                         PROMPT_COMMIT this is the commit index that does not travel with the entries
 *   CAMPAIGN_UNAPPLIED    a node campaigns under a configuration that it knows to be over (trap 11)
 *   TWO_AT_ONCE           a leader appends a change while another is not applied
 *   INHERITED_UNAPPLIED   a new leader appends a change while one it inherited is not applied (trap 36)
 *   COMMIT_NOT_STORED     a restart forgets the commit index that a configuration was applied under
 *   COUNT_REMOVED_LEADER  a leader that was removed counts itself (trap 27)
 *   ONE_HALF              a joint configuration decides by the majority of its new half alone
 *   NO_JOINT              several voters change at once without a joint configuration
 */

#ifdef COUNT_REMOVED_LEADER
#define counted(set, half) size((set) & ((half) | bit(i)))
#else
#define counted(set, half) size((set) & (half))
#endif
#define agrees(set, half) ((half) == 0 || 2 * counted(set, half) > size(half))
#ifdef ONE_HALF
#define isQuorum(set) agrees(set, me.voters)
#else
#define isQuorum(set) (agrees(set, me.voters) && agrees(set, me.outgoing))
#endif
#define isVoter has(me.voters | me.outgoing, i)

/* A node does not campaign under a configuration that it knows to be over (trap 11). */
#ifdef CAMPAIGN_UNAPPLIED
#define isPromotable isVoter
#else
#define isPromotable (isVoter && me.applied == me.commit)
#endif

/* One change at a time: the one before is applied, and so is all that the leader inherited (traps 36 and 38). */
#ifdef TWO_AT_ONCE
#define isSettled(pending) true
#elif defined(INHERITED_UNAPPLIED)
#define isSettled(pending) (pending <= me.applied || termOf(me.log[pending]) != me.term)
#else
#define isSettled(pending) (pending <= me.applied && termOf(me.log[me.applied]) == me.term)
#endif

/* An append that carries a configuration must show that the one before is committed (trap 37). */
#ifdef UNCOVERED
#define isCovered(pending, sentCommit) true
#else
#define isCovered(pending, sentCommit) (pending <= me.commit || pending <= sentCommit)
#endif

/* The commit index is stored with a configuration entry, and before a configuration takes effect. */
#ifdef COMMIT_NOT_STORED
#define storeCommit skip
#else
#define storeCommit me.storedCommit = (mayCrash -> me.commit : 0)
#endif
