import Raft
import Storage
import Testing

@Suite("Storage errors: they name what was found and what was expected") struct StorageErrorTests {
  @Test func damageNamesFileOffsetFoundAndExpected() {
    let damage = FileDamage(file: "wal-1", offset: 512, found: "checksum 0x1", expected: "0x2")
    #expect(
      StorageError.refused(.fileDamaged(damage)).description
        == "wal-1 is damaged at byte 512: found checksum 0x1, expected 0x2")
  }

  @Test func identitiesNameTheCluster() {
    let expected = StorageIdentity(cluster: ClusterID(high: 1, low: 2), node: NodeID(3), incarnation: 4)
    let found = StorageIdentity(cluster: ClusterID(high: 1, low: 3), node: NodeID(3), incarnation: 4)
    #expect(throws: StorageRefusal.identityMismatch(expected: expected, found: found)) {
      try StorageIdentity.recover(expected: expected, found: found)
    }
    #expect(expected.description == "n3 of cluster 00000000000000010000000000000002 on storage 4")
  }
}
