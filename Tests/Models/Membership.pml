/*
 * Changes of the membership: configurations that take effect when they are applied, as in etcd's raft.
 *
 * Properties, each an assertion with its name beside it: election safety, leader completeness, state machine
 * safety, and that no leader contradicts what is committed.
 *
 * Bounds: NODES nodes, of which INITIAL (a set of bits) are the first voters; TERMS terms, logs of ENTRIES entries,
 * CRASHES crashes with restart. A change adds or removes one voter among CHANGEABLE; with JOINT it goes to any
 * other set of voters (of four nodes: to {0, 1, 3}, {2, 3} or {3}) by way of a joint configuration, which a leader
 * leaves with an entry of its own. With NO_COMMANDS only changes and the first entries of terms are appended, for
 * larger bounds.
 *
 * A run begins when node 0 leads term 1 and has applied its first entry. A leader appends the first entry of its
 * term as it takes office, unless the log is full.
 *
 * The network is that of Raft.pml. Beyond it, entries travel without the commit index, as if something between
 * leader and follower (a relay, a split path) held it back, and the receiver turns away a configuration that is not
 * covered. With PROMPT_COMMIT entries come at least with the commit index that the leader had when it could first
 * send them. PROMPT_COMMIT and UNCOVERED together hold: the sender's rule is enough without the receiver's.
 *
 * Term, vote and log are durable at once (Raft.pml is about those), the commit index only where the implementation
 * stores it: with a configuration entry, and before a configuration takes effect. A restart falls back to the first
 * configuration and applies again.
 *
 * All nodes vote and take entries, members or not, which the implementation does, too; whom the leader sends to is
 * not restricted. A candidate may learn the commit index of any node whose entry there it has, as from answers to
 * its requests. A leader that was removed may stay as long as it likes; it appends nothing.
 *
 * Left out: learners (so also promotion and demotion), snapshots and nodes that start blank, who proposes what and
 * when, the departure of a removed leader, refusals of changes that cannot be applied, and what Raft.pml leaves
 * out.
 *
 * Every rule that a known-bad variant breaks stands in MembershipRules.pml with its switch.
 *
 * To read a violation: scripts/check-model.sh --trail UNCOVERED prints the steps of the shortest run, one per line,
 * each node in a column of its own, then the assertion with its place in this file. Sets of voters are printed as
 * bits: 7 is {0, 1, 2}; change 1 adds or removes node 0, change 2 node 1; with JOINT a change is the new set, and
 * 16 leaves.
 */
#ifndef NODES
#define NODES 3
#endif
#ifndef INITIAL
#define INITIAL 7
#endif
#ifndef CHANGEABLE
#define CHANGEABLE 15
#endif
#ifndef TERMS
#define TERMS 2
#endif
#ifndef ENTRIES
#define ENTRIES 3
#endif
#ifndef CRASHES
#define CRASHES 0
#endif
#include "Bounds.pml"

mtype = { Follower, Candidate, Leader };

/* An entry is its term and the change of the configuration that it carries, if any. */
#define entry(t, change) (32 * (t) + (change))
#define termOf(e) ((e) / 32)
#define changeOf(e) ((e) % 32)
#define isConfiguration(e) (changeOf(e) != 0)
#define nothing 0
#ifdef JOINT
/* To these voters, by way of a configuration that needs a majority of both; or out of it. */
#define to(voters) (voters)
#define leave 16
#else
/* One voter more or less. */
#define toggle(x) (1 + (x))
#endif

typedef Node {
  byte term;
  byte vote;              /* 0, or 1 + the node voted for in the term */
  byte last;              /* the end of the log */
  byte log[ENTRIES + 1];  /* the entries; index 0 stands for what everyone has applied */
  mtype role;
  byte commit;
  byte storedCommit;      /* what a restart remembers of it */
  byte applied;           /* only a configuration can be committed and not applied */
  byte voters;            /* the configuration applied */
  byte outgoing;          /* the voters of the one before, while joint */
  byte granted;           /* a candidate: whose votes it has, or are on their way to it */
  byte match[NODES]       /* a leader: what is acknowledged, or on its way; 0 when it says nothing new */
};
Node node[NODES];

/* What was sent in a term and can still arrive: once, often, late, or never. */
typedef Sent {
  byte request[NODES];    /* 0, or the position in the candidate's request for votes */
  byte leader;            /* 0, or 1 + the leader, who sends any part of its log */
  byte last;
  byte log[ENTRIES + 1];
#ifdef PROMPT_COMMIT
  byte since[ENTRIES + 1];  /* the leader's commit index when it could first send the entry */
#endif
  byte commit
};
Sent sent[TERMS + 1];

byte crashes;
byte committed[ENTRIES + 1];    /* the entry that was first committed at each index */
byte committedIn[ENTRIES + 1];  /* the lowest term whose leader committed it */

#define mayCrash (crashes < CRASHES)
#define position (1 + termOf(me.log[me.last]) * (ENTRIES + 1) + me.last)

#include "MembershipRules.pml"

/* The last configuration in the log up to an index; 0 when there is none. */
inline findConfiguration(end) {
  found = 0;
  for (at : 1 .. end) { if :: isConfiguration(me.log[at]) -> found = at :: else fi }
}

/* MARK: Terms */

/* Messages of a term below everyone's are ignored by all: forgetting them makes equal states equal. */
inline forgetOldTerms() {
  limit = TERMS;
  for (other : 0 .. NODES - 1) { if :: node[other].term < limit -> limit = node[other].term :: else fi }
  for (at : 1 .. limit - 1) {
    sent[at].leader = 0; sent[at].last = 0; sent[at].commit = 0;
    for (other : 0 .. NODES - 1) { sent[at].request[other] = 0 }
    for (other : 0 .. ENTRIES) {
      sent[at].log[other] = 0;
#ifdef PROMPT_COMMIT
      sent[at].since[other] = 0
#endif
    }
  }
}

inline leaveOffice() {
  me.granted = 0;
  for (other : 0 .. NODES - 1) { me.match[other] = 0 }
}

inline becomeFollower(t) {
  if :: me.term < t -> me.term = t; me.vote = 0; forgetOldTerms() :: else fi;
  me.role = Follower;
  leaveOffice()
}

/* MARK: Elections */

inline campaign() {
  leaveOffice();
  me.term++; me.vote = 1 + i; me.role = Candidate;
  forgetOldTerms();
  sent[me.term].request[i] = position;
  me.granted = bit(i);
  printf("n%d campaigns in term %d, voters %d and %d, log to %d\n", i, me.term, me.voters, me.outgoing, me.last)
}

/* Whoever is asked votes, member or not: it may be one in a newer configuration (trap 12). */
inline onVoteRequest(t, c) {
  if :: me.term < t -> becomeFollower(t) :: else fi;
  if
  :: me.role == Follower && (me.vote == 0 || me.vote == 1 + c) && sent[t].request[c] >= position ->
    me.vote = 1 + c;
    if
    :: node[c].role == Candidate && node[c].term == t -> node[c].granted = node[c].granted | bit(i)
    :: else
    fi;
    printf("n%d votes for n%d in term %d\n", i, c, t)
  :: else -> printf("n%d refuses n%d its vote in term %d\n", i, c, t)
  fi
}

inline becomeLeader() {
  assert(sent[me.term].leader == 0);  /* election safety */
  me.role = Leader; me.granted = 0;
  sent[me.term].leader = 1 + i; sent[me.term].last = me.last; sent[me.term].commit = me.commit;
  for (at : 0 .. ENTRIES) {
    sent[me.term].log[at] = me.log[at];
#ifdef PROMPT_COMMIT
    sent[me.term].since[at] = (at <= me.last -> me.commit : 0);
#endif
    assert(committed[at] == 0 || committedIn[at] >= me.term || committed[at] == me.log[at])  /* leader completeness */
  }
  printf("n%d leads term %d\n", i, me.term);
  if :: me.last < ENTRIES -> append(nothing) :: else fi
}

/* Takes a voter's word for what is committed, which its answer to a candidate names. */
inline onVoteResponse(x) {
  if
  :: me.log[node[x].commit] == node[x].log[node[x].commit] ->
    limit = node[x].commit;
    learnCommit();
    if :: me.role == Candidate && !isPromotable -> me.role = Follower; leaveOffice() :: else fi;
    printf("n%d learns from n%d that %d is committed\n", i, x, me.commit)
  :: else -> printf("n%d hears from n%d that %d is committed, and has another entry there\n", i, x, node[x].commit)
  fi
}

/* MARK: Replication */

inline append(change) {
  me.last++; me.log[me.last] = entry(me.term, change);
  sent[me.term].last = me.last; sent[me.term].log[me.last] = me.log[me.last];
#ifdef PROMPT_COMMIT
  sent[me.term].since[me.last] = me.commit;
#endif
  if :: change != nothing -> storeCommit :: else fi;
  printf("n%d appends at %d in term %d, change %d\n", i, me.last, me.term, change)
}

inline propose(change) {
  findConfiguration(me.last);
  if
  :: change == nothing || isSettled(found) -> append(change)
  :: else -> printf("n%d refuses change %d\n", i, change)
  fi
}

inline onAppendEntries(t, previous, count, sentCommit) {
  assert(me.term < t || me.role != Leader);  /* one leader per term */
  if :: me.term < t || me.role != Follower -> becomeFollower(t) :: else fi;
  findConfiguration(previous);
  if
  :: previous > me.last || me.log[previous] != sent[t].log[previous] ->
    printf("n%d hears term %d and has not what it continues\n", i, t)
  :: count > 0 && me.log[previous + count] != sent[t].log[previous + count] &&
      isConfiguration(sent[t].log[previous + count]) && !isCovered(found, sentCommit) ->
    printf("n%d hears term %d: configuration at %d is not covered by commit %d\n", i, t, previous + count, sentCommit)
  :: else ->
    if
    :: count > 0 && me.log[previous + count] != sent[t].log[previous + count] ->
      assert(previous + count > me.commit);  /* no leader contradicts what is committed */
      for (at : previous + 1 .. ENTRIES) { me.log[at] = 0 }
      me.last = previous + count; me.log[me.last] = sent[t].log[me.last];
      limit = (sentCommit < me.last -> sentCommit : me.last);
      learnCommit();
      if :: isConfiguration(me.log[me.last]) -> storeCommit :: else fi
    :: else ->
      limit = (sentCommit < previous + count -> sentCommit : previous + count);
      learnCommit()
    fi;
    other = sent[t].leader - 1; limit = previous + count;
    if
    :: node[other].role == Leader && node[other].term == t &&
        node[other].commit < limit && node[other].match[i] < limit ->
      node[other].match[i] = limit
    :: else
    fi;
    printf("n%d hears term %d: log up to %d, commit %d\n", i, t, limit, me.commit)
  fi
}

/* Everything but configurations is applied at once. */
inline applyCommands() {
  do
  :: me.applied < me.commit && !isConfiguration(me.log[me.applied + 1]) -> me.applied++
  :: else -> break
  od
}

inline learnCommit() {
  if
  :: limit > me.commit ->
    for (at : me.commit + 1 .. limit) {
      assert(me.log[at] == committed[at])  /* state machine safety */
    }
    me.commit = limit;
    applyCommands()
  :: else
  fi
}

inline commitByCounting(k) {
  found = bit(i);
  for (other : 0 .. NODES - 1) { if :: me.match[other] >= k -> found = found | bit(other) :: else fi }
  if
  :: isQuorum(found) ->
    for (at : me.commit + 1 .. k) {
      assert(committed[at] == 0 || committed[at] == me.log[at]);  /* state machine safety */
      if
      :: committed[at] == 0 || committedIn[at] > me.term -> committed[at] = me.log[at]; committedIn[at] = me.term
      :: else
      fi;
      for (other : me.term + 1 .. TERMS) {
        assert(sent[other].leader == 0 || sent[other].log[at] == me.log[at])  /* leader completeness */
      }
    }
    me.commit = k; sent[me.term].commit = k;
    for (other : 0 .. NODES - 1) { if :: me.match[other] <= k -> me.match[other] = 0 :: else fi }
    applyCommands();
    printf("n%d commits %d in term %d, voters %d and %d\n", i, k, me.term, me.voters, me.outgoing)
  :: else -> printf("n%d has no quorum for %d\n", i, k)
  fi
}

/* MARK: Configurations */

inline applyConfiguration() {
  storeCommit;
  me.applied++;
  found = changeOf(me.log[me.applied]);
#ifdef JOINT
  if
  :: found == leave -> me.outgoing = 0
  :: else -> me.outgoing = me.voters; me.voters = found
  fi;
#ifdef NO_JOINT
  me.outgoing = 0;
#endif
#else
  me.voters = me.voters ^ bit(found - 1);
#endif
  applyCommands();
  printf("n%d applies %d: voters %d and %d\n", i, me.applied, me.voters, me.outgoing)
}

/* What is not stored is the commit index and what was applied; the configuration is that of the snapshot. */
inline restart() {
  me.role = Follower;
  leaveOffice();
  me.commit = me.storedCommit; me.applied = 0; me.voters = INITIAL; me.outgoing = 0;
  applyCommands();
  crashes++;
  if :: !mayCrash -> for (other : 0 .. NODES - 1) { node[other].storedCommit = 0 } :: else fi;
  printf("n%d crashes and restarts with commit %d\n", i, me.commit)
}

/* MARK: What may happen */

/* A leader campaigns, too: it has stepped down just before (check quorum). */
#define campaigns step(me.term < TERMS && isPromotable, campaign())
#define hearsRequest(t, c) step(i != c && me.term <= t && sent[t].request[c] != 0, onVoteRequest(t, c))
#define hearsAnswer(t, x) step(i != x && me.role != Leader && node[x].commit > me.commit, onVoteResponse(x))
#define wins step(me.role == Candidate && isQuorum(me.granted), becomeLeader())

#define hears(t) me.term <= t && sent[t].leader != 0 && sent[t].leader != 1 + i
/* Entries travel without the commit index unless PROMPT_COMMIT: what is between them may hold it back. */
#ifdef PROMPT_COMMIT
#define hearsEntry(t, k) step(hears(t) && k <= sent[t].last, onAppendEntries(t, k - 1, 1, sent[t].since[k]))
#else
#define hearsEntry(t, k) step(hears(t) && k <= sent[t].last, onAppendEntries(t, k - 1, 1, 0))
#endif
#define hearsCommit(t, k) step(hears(t) && k <= sent[t].last, onAppendEntries(t, k, 0, sent[t].commit))
#define isCountable(k) me.role == Leader && me.commit < k && k <= me.last && termOf(me.log[k]) == me.term
#define counts(t, k) step(isCountable(k), commitByCounting(k))

#define mayPropose me.role == Leader && me.last < ENTRIES && isVoter
#ifdef JOINT
#define goesTo(new) step(mayPropose && me.outgoing == 0 && me.voters != new, propose(to(new)))
#define changes(t, x)
#else
#define changes(t, x) step(mayPropose && has(CHANGEABLE, x) && me.voters != bit(x), propose(toggle(x)))
#endif

#define hearsOfTerm(t) eachNode(hearsRequest, t) eachIndex(hearsEntry, t) eachIndex(hearsCommit, t)

proctype Member(byte i) {
end:
  do
  campaigns
  wins
  eachTerm(hearsOfTerm)
  eachNode(hearsAnswer, me.term)
#ifndef NO_COMMANDS
  step(mayPropose, propose(nothing))
#endif
  eachNode(changes, me.term)
#ifdef JOINT
#if NODES == 3
  goesTo(1) goesTo(2) goesTo(3) goesTo(4) goesTo(5) goesTo(6) goesTo(7)
#else
  goesTo(11) goesTo(12) goesTo(8)
#endif
  step(mayPropose && me.outgoing != 0, propose(leave))
#endif
  eachIndex(counts, me.term)
  step(me.applied < me.commit, applyConfiguration())
  step(mayCrash, restart())
  od
}

/* Node 0 leads term 1 and has applied the first entry of its term, at index 0, as everyone has. */
init {
  atomic {
    for (other : 0 .. NODES - 1) {
      node[other].term = 1; node[other].vote = 1; node[other].role = Follower;
      node[other].log[0] = entry(1, nothing); node[other].voters = INITIAL;
      run Member(other)
    };
    node[0].role = Leader; sent[1].leader = 1; sent[1].log[0] = entry(1, nothing);
    clear()
  }
}
