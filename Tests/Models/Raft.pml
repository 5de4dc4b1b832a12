/*
 * The core of Raft: elections, replication, durability and crashes, with a fixed set of voters.
 *
 * Properties, each an assertion with its name beside it: election safety, one vote per term, log matching, leader
 * completeness, state machine safety; and that two faults for which a node of the implementation stops for good, a
 * second leader in a term and a committed entry that a leader contradicts, never arise.
 *
 * Bounds: NODES voters, TERMS terms, logs of ENTRIES entries, CRASHES crashes with restart, all of one run
 * together.
 *
 * The network may delay, reorder, repeat and lose everything. Nothing that was sent is ever taken out of it, and
 * nothing has to arrive. What was sent is kept in the smallest form that says the same:
 * - A leader only appends to its log, so that any message it could have sent, at any time, is a slice of the log it
 *   has now with a commit index up to its own. It may send any of them; the implementation picks by what it knows
 *   of the follower. A message carries one entry or none: a longer one does what a row of these does.
 * - Heartbeats are left out: a follower that is told to commit what it acknowledged in this term learns the same
 *   from an append message without entries.
 * - Votes and acknowledgements are marked at the receiver when they are sent. When they are counted is open, and
 *   they mean nothing to anyone else, nor to a candidate or leader of a later term.
 * - A node may hear of any term that some node has reached: all messages, refusals too, name their sender's term.
 *
 * Durability: a change of term, vote or log is first in memory (`isDirty`); `write` makes everything durable; a
 * crash falls back to the last write. Promises (a request for votes, a vote, an acknowledgement, the leader's count
 * of itself) leave only when nothing is dirty. A promise that waits is modelled as one that is given when the
 * message comes again after the write. When all crashes have happened, writes are at once: only the promises could
 * tell.
 *
 * An entry is its term. One leader per term appends once per index, so that (index, term) names the entry.
 *
 * Left out: pre-votes, check quorum, stickiness, leases, transfer (a node may campaign at any time, so they only
 * forbid runs that are covered here), reads, snapshots, applying, backtracking hints and flow control, membership
 * (see Membership.pml), disks that lie, and everything about liveness. A follower may vote for another candidate of
 * the term whose leader it knows, which the implementation refuses.
 *
 * Two reductions that lose nothing: messages of terms below everyone's are forgotten; and nodes that never heard of
 * any term are alike, so that of them the one with the lowest number acts first.
 *
 * Every rule that a known-bad variant breaks stands in RaftRules.pml with its switch.
 *
 * To read a violation: scripts/check-model.sh --trail OLD_TERM_COMMIT prints the steps of the shortest run, one per
 * line, each node in a column of its own, then the assertion with its place in this file.
 */
#ifndef NODES
#define NODES 3
#endif
#ifndef TERMS
#define TERMS 3
#endif
#ifndef ENTRIES
#define ENTRIES 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#include "Bounds.pml"

mtype = { Follower, Candidate, Leader };

/* What a node finds when it restarts. */
typedef Disk {
  byte term; byte vote;
  byte log[ENTRIES + 1]
};

typedef Node {
  byte term;
  byte vote;              /* 0, or 1 + the node voted for in the term */
  byte last;              /* the end of the log */
  byte log[ENTRIES + 1];  /* the term of the entry at each index; 0 beyond the end and at index 0 */
  bool isDirty;           /* term, vote or log changed since the last write */
  Disk disk;
  mtype role;
  byte commit;
  byte granted;           /* a candidate: whose votes it has, or are on their way to it */
  byte match[NODES]       /* a leader: what is acknowledged, or on its way; 0 when it says nothing new */
};
Node node[NODES];

/* What was sent in a term and can still arrive: once, often, late, or never. */
typedef Sent {
  byte request[NODES];    /* 0, or the position in the candidate's request for votes */
  byte leader;            /* 0, or 1 + the leader, who sends any part of its log with any commit index up to its own */
  byte last;
  byte log[ENTRIES + 1];
  byte commit
};
Sent sent[TERMS + 1];

byte highest;                   /* the highest term that a message can name */
byte crashes;                   /* how many there were */
byte committed[ENTRIES + 1];    /* the term of the entry that was first committed at each index */
byte committedIn[ENTRIES + 1];  /* the lowest term whose leader committed it */

/* When no crash can come any more, the delay of a write is a delay of the messages that wait for it. */
#define mayCrash (crashes < CRASHES)
#define touch me.isDirty = mayCrash
#define isWritten (!me.isDirty)

/* Nodes that never heard of any term are alike: of them the first to act is the one with the lowest number. */
#define isFresh(x) (node[x].term == 0)
#if NODES == 2
#define mayAct (!isFresh(i) || i == 0 || !isFresh(0))
#elif NODES == 3
#define mayAct (!isFresh(i) || i == 0 || (!isFresh(0) && (i == 1 || !isFresh(1))))
#else
#define mayAct (!isFresh(i) || i == 0 || (!isFresh(0) && (i == 1 || (!isFresh(1) && (i == 2 || !isFresh(2))))))
#endif

#include "RaftRules.pml"

/* MARK: Terms */

/* Messages of a term below everyone's are ignored by all: forgetting them makes equal states equal. */
inline forgetOldTerms() {
  limit = TERMS;
  for (other : 0 .. NODES - 1) {
    if
    :: mayCrash && node[other].disk.term < limit -> limit = node[other].disk.term
    :: !mayCrash && node[other].term < limit -> limit = node[other].term
    :: else
    fi
  }
  for (at : 1 .. limit - 1) {
    sent[at].leader = 0; sent[at].last = 0; sent[at].commit = 0;
    for (other : 0 .. NODES - 1) { sent[at].request[other] = 0 }
    for (other : 1 .. ENTRIES) { sent[at].log[other] = 0 }
  }
}

inline leaveOffice() {
  me.granted = 0;
  for (other : 0 .. NODES - 1) { me.match[other] = 0 }
}

inline becomeFollower(t) {
  if
  :: me.term < t -> me.term = t; me.vote = 0; touch; forgetOldTerms()
  :: else
  fi;
  me.role = Follower;
  leaveOffice()
}

/* MARK: Elections */

inline campaign() {
  leaveOffice();
  me.term++; me.vote = 1 + i; me.role = Candidate; touch;
  if :: highest < me.term -> highest = me.term :: else fi;
  forgetOldTerms();
  printf("n%d campaigns in term %d\n", i, me.term)
}

inline requestVotes() {
  sent[me.term].request[i] = position;
  me.granted = bit(i);
  printf("n%d asks for votes in term %d, with its log's end at %d of term %d\n", i, me.term, me.last, me.log[me.last])
}
/* A vote that waits for the disk leaves when the request comes again after the write. */
inline onVoteRequest(t, c) {
  if :: me.term < t -> becomeFollower(t) :: else fi;
  if
  :: mayVote(c) && isUpToDate(t, c) ->
    if :: me.vote != 1 + c -> me.vote = 1 + c; touch :: else fi;
    if
    :: maySendVote && node[c].role == Candidate && node[c].term == t ->
      for (other : 0 .. NODES - 1) {
        assert(other == c || node[other].term != t || !has(node[other].granted, i))  /* one vote per term */
      }
      node[c].granted = node[c].granted | bit(i);
      printf("n%d votes for n%d in term %d\n", i, c, t)
    :: else -> printf("n%d hears n%d ask for votes in term %d; votes for n%d once written\n", i, c, t, c)
    fi
  :: else -> printf("n%d hears n%d ask for votes in term %d, and refuses\n", i, c, t)
  fi
}

inline becomeLeader() {
  assert(sent[me.term].leader == 0);  /* election safety */
  me.role = Leader;
  sent[me.term].leader = 1 + i; sent[me.term].last = me.last; sent[me.term].commit = me.commit;
  for (at : 1 .. ENTRIES) {
    sent[me.term].log[at] = me.log[at];
    /* A vote counted late may make a leader after a later one has committed: that is legal. */
    assert(committed[at] == 0 || committedIn[at] >= me.term || committed[at] == me.log[at])  /* leader completeness */
  }
  printf("n%d leads term %d\n", i, me.term)
}

/* MARK: Replication */

inline propose() {
  me.last++; me.log[me.last] = me.term; touch;
  sent[me.term].last = me.last; sent[me.term].log[me.last] = me.term;
  printf("n%d appends at %d in term %d\n", i, me.last, me.term)
}

inline place(t, previous, count) {
  assert(previous + 1 > me.commit);  /* no leader contradicts what is committed */
  for (at : previous + 1 .. ENTRIES) { me.log[at] = 0 }
  if :: count > 0 -> me.log[previous + count] = sent[t].log[previous + count] :: else fi;
  me.last = previous + count; touch;
  for (other : 0 .. NODES - 1) {
    for (at : 1 .. ENTRIES) {
      found = (me.log[at] != 0 && me.log[at] == node[other].log[at]);
      assert(!found || me.log[at - 1] == node[other].log[at - 1])  /* log matching */
    }
  }
}

inline learnCommit() {
  if
  :: limit > me.commit ->
    for (at : me.commit + 1 .. limit) { assert(me.log[at] == committed[at]) }  /* state machine safety */
    me.commit = limit
  :: else
  fi
}

inline onAppendEntries(t, previous, count, sentCommit) {
  assert(me.term < t || me.role != Leader);  /* one leader per term */
  if :: me.term < t || me.role != Follower -> becomeFollower(t) :: else fi;
  if
  :: matches(t, previous) ->
    if :: conflicts(t, previous, count) -> place(t, previous, count) :: else fi;
    limit = (sentCommit < described(previous, count) -> sentCommit : described(previous, count));
    learnCommit();
    other = sent[t].leader - 1; limit = acknowledged(previous, count);
    if
    :: mayAcknowledge && node[other].role == Leader && node[other].term == t &&
        node[other].commit < limit && node[other].match[i] < limit ->
      node[other].match[i] = limit;
      printf("n%d hears n%d of term %d: log to %d, commit %d; acks\n", i, other, t, previous + count, sentCommit)
    :: else -> printf("n%d hears n%d of term %d: log to %d, commit %d\n", i, other, t, previous + count, sentCommit)
    fi
  :: else -> printf("n%d hears n%d of term %d and has not what it continues\n", i, sent[t].leader - 1, t)
  fi
}

/* The leader counts itself, too, once it has written. */
inline commitByCounting(k) {
  found = (ownMatch(k) -> bit(i) : 0);
  for (other : 0 .. NODES - 1) { if :: me.match[other] >= k -> found = found | bit(other) :: else fi }
  if
  :: isQuorum(found) ->
    for (at : me.commit + 1 .. k) {
      assert(committed[at] == 0 || committed[at] == me.log[at]);  /* state machine safety */
      if
      :: committed[at] == 0 || committedIn[at] > me.term -> committed[at] = me.log[at]; committedIn[at] = me.term
      :: else
      fi;
      for (other : me.term + 1 .. TERMS) {  /* of those who were elected before it was committed, too */
        assert(sent[other].leader == 0 || sent[other].log[at] == me.log[at])  /* leader completeness */
      }
    }
    me.commit = k; sent[me.term].commit = k;
    for (other : 0 .. NODES - 1) { if :: me.match[other] <= k -> me.match[other] = 0 :: else fi }
    printf("n%d commits %d in term %d\n", i, k, me.term)
  :: else -> printf("n%d has no quorum for %d\n", i, k)
  fi
}

/* MARK: Durability */

/* Writes are made durable in order: one write of everything stands for the completion of all that were issued. */
inline write() {
  me.disk.term = me.term; me.disk.vote = me.vote; me.isDirty = false;
  for (at : 1 .. ENTRIES) { me.disk.log[at] = me.log[at] }
  forgetOldTerms();
  printf("n%d has written\n", i)
}

/* The commit index is forgotten: what the implementation stores of it is only a lower bound. */
inline restart() {
  me.term = me.disk.term; me.vote = me.disk.vote; me.isDirty = false;
  me.last = 0; me.commit = 0; me.role = Follower;
  leaveOffice();
  for (at : 1 .. ENTRIES) {
    me.log[at] = me.disk.log[at];
    if :: me.log[at] != 0 -> me.last = at :: else fi
  }
  crashes++;
  printf("n%d crashes and restarts with term %d, vote %d, %d entries\n", i, me.term, me.vote, me.last);
  if
  :: !mayCrash ->
    for (other : 0 .. NODES - 1) {
      node[other].disk.term = 0; node[other].disk.vote = 0; node[other].isDirty = false;
      for (at : 1 .. ENTRIES) { node[other].disk.log[at] = 0 }
    }
    forgetOldTerms()
  :: else
  fi
}

/* MARK: What may happen */

/* A leader campaigns, too: it has stepped down just before (check quorum). */
#define campaigns step(mayAct && me.term < TERMS, campaign())
#define asks step(me.role == Candidate && !has(me.granted, i) && mayAsk, requestVotes())
#define hearsRequest(t, c) step(mayAct && i != c && me.term <= t && sent[t].request[c] != 0, onVoteRequest(t, c))
#define wins step(me.role == Candidate && isQuorum(me.granted), becomeLeader())
/* Every answer, whatever else it says, names its sender's term. */
#define hearsTerm(t) step(mayAct && me.term < t && t <= highest, becomeFollower(t); printf("n%d hears term %d\n", i, t))

#define hears(t) mayAct && me.term <= t && sent[t].leader != 0 && sent[t].leader != 1 + i
/* A longer message, or one with entries and a commit index, is some of these in a row. */
#define hearsEntry(t, k) step(hears(t) && k <= sent[t].last, onAppendEntries(t, k - 1, 1, 0))
#define hearsCommit(t, k) step(hears(t) && k <= sent[t].last, onAppendEntries(t, k, 0, sent[t].commit))
#define counts(t, k) step(me.role == Leader && me.commit < k && k <= me.last && mayCount(k), commitByCounting(k))

#define hearsOfTerm(t) hearsTerm(t) eachNode(hearsRequest, t) eachIndex(hearsEntry, t) eachIndex(hearsCommit, t)

proctype Voter(byte i) {
end:
  do
  campaigns
  asks
  wins
  eachTerm(hearsOfTerm)
  step(me.role == Leader && me.last < ENTRIES, propose())
  eachIndex(counts, me.term)
  step(me.isDirty, write())
  step(mayCrash && me.term > 0, restart())
  od
}

init {
  atomic {
    for (other : 0 .. NODES - 1) { node[other].role = Follower; run Voter(other) };
    clear()
  }
}
