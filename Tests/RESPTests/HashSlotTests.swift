import KeyValue
import RESP
import Testing

@Suite("Hash slots")
struct HashSlotTests {
  @Test(
    "are those of Redis Cluster",
    arguments: [
      ("", 0), ("123456789", 12739), ("foo", 12182), ("foo{hash_tag}", 2515), ("bar{hash_tag}", 2515), ("{}foo", 9500),
      ("{user1000}.following", 3443),
    ])
  func known(key: String, slot: Int) {
    #expect(HashSlot.of(Key(key)) == slot)
  }
}
