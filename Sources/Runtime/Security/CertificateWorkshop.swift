import Crypto
import Foundation
import SwiftASN1
import X509

/// Makes certificates that one authority signs; the authority's key lives as long as the workshop.
public struct CertificateWorkshop {
  /// The authority's certificate, PEM.
  public let authority: String
  private let key: Certificate.PrivateKey
  private let issuer: DistinguishedName
  private let validity: (from: Date, to: Date)

  /// Makes an authority whose certificates are valid for some days.
  public init(days: Int) throws {
    key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    issuer = try DistinguishedName { CommonName("eraft authority") }
    // Clocks of machines differ.
    validity = (Date().addingTimeInterval(-3_600), Date().addingTimeInterval(Double(days) * 86_400))
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey, notValidBefore: validity.from,
      notValidAfter: validity.to, issuer: issuer, subject: issuer, signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      }, issuerPrivateKey: key)
    authority = try certificate.serializeAsPEM().pemString + "\n"
  }

  /// A certificate with the name `<name>.eraft`, and its key.
  public func make(_ name: String) throws -> (certificate: String, key: String) {
    let own = P256.Signing.PrivateKey()
    let subject = try DistinguishedName { CommonName(name) }
    let certificate = try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PrivateKey(own).publicKey,
      notValidBefore: validity.from, notValidAfter: validity.to, issuer: issuer, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth, .clientAuth])
        SubjectAlternativeNames([.dnsName("\(name).eraft")])
      }, issuerPrivateKey: key)
    return (try certificate.serializeAsPEM().pemString + "\n", own.pemRepresentation + "\n")
  }
}
