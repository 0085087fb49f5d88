import Cryptography
import DemoTenant
import HybridFlow
import OpenID

/// The certificates of runs in memory: always the same, like everything there.
///
/// Nobody has their keys any more: they were made once, and thrown away. No tenant that listens on a
/// port uses them.
struct PictureCertificates {
  /// The address at which certificates are asked for.
  static let origin = "https://127.0.0.1:9443"

  /// The authority that the tenant trusts.
  let authority: ClientCertificate
  /// The client's own.
  let own: ClientCertificate
  /// That of another client, of the same authority.
  let other: ClientCertificate

  init() throws {
    authority = try ClientCertificate(der: Base64URL.decode(Self.authorityText))
    own = try ClientCertificate(der: Base64URL.decode(Self.ownText))
    other = try ClientCertificate(der: Base64URL.decode(Self.otherText))
  }

  /// Lets a run that shows a certificate show one of these, and the tenant take it.
  static func equip(
    _ configuration: inout FlowConfiguration, _ settings: inout TenantSettings
  ) throws {
    guard configuration.showsCertificateAtTenant else { return }
    let pictures = try PictureCertificates()
    let mutual = MutualTLS(origin: origin, authority: pictures.authority)
    configuration.show(pictures.own, other: pictures.other, at: mutual)
    settings.takeCertificates(mutual, registering: configuration.registration(of: pictures.own))
  }

  private static let authorityText = """
    MIIBhTCCASqgAwIBAgIUT0Gsje1ZxBG7guNS9pt1DMP2cX8wCgYIKoZIzj0EAwIwLTErMCkGA1UEAwwi\
    VGhyb3ctYXdheSBhdXRob3JpdHksIGZvciBwaWN0dXJlczAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEw\
    MTAwMDAwMFowLTErMCkGA1UEAwwiVGhyb3ctYXdheSBhdXRob3JpdHksIGZvciBwaWN0dXJlczBZMBMG\
    ByqGSM49AgEGCCqGSM49AwEHA0IABG7Vip0hAsEe0a2s_6DtU1zhRnuNDM55t6Fkr0uVfiaPhzAU-Q-f\
    lI6FXJdJBT5UN2jTJYWTGD229hT2OI1btOujJjAkMBIGA1UdEwEB_wQIMAYBAf8CAQAwDgYDVR0PAQH_\
    BAQDAgIEMAoGCCqGSM49BAMCA0kAMEYCIQDVPelVNkxHk2rV9nDdtJ-yUoW84FKSYp9gj04lPUNsjgIh\
    ALoiIvKztsWI-RCDsTAufzuIrg7lUCYIva59LHd0PTa5
    """

  private static let ownText = """
    MIIBhTCCASugAwIBAgIUNJXNrzlVcHVCHOpxXOEn_GuZBLwwCgYIKoZIzj0EAwIwLTErMCkGA1UEAwwi\
    VGhyb3ctYXdheSBhdXRob3JpdHksIGZvciBwaWN0dXJlczAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEw\
    MTAwMDAwMFowHzEdMBsGA1UEAwwUaHlicmlkLWZsb3ctZXhwbG9yZXIwWTATBgcqhkjOPQIBBggqhkjO\
    PQMBBwNCAARZbN6ND6OS0EMafOBAl24Ao_NeiOIPnHghA65LW82HxQTiHup6ZAofcUuED9EEzlfwDuf_\
    XuSh9Mza4Zb6u4RYozUwMzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB_wQEAwIHgDATBgNVHSUEDDAKBggr\
    BgEFBQcDAjAKBggqhkjOPQQDAgNIADBFAiEA0fairvVLDIErYNcON4mK9sZrsWDoAAuwT12QPXIgRHYC\
    IHjIlzY5-dcsZ_s1dbiPx83nlgu3nFHn1hJgNykt2s4g
    """

  private static let otherText = """
    MIIBfzCCASWgAwIBAgIULuNK1d2NcdqW4oXk2oYo3TQ0qzEwCgYIKoZIzj0EAwIwLTErMCkGA1UEAwwi\
    VGhyb3ctYXdheSBhdXRob3JpdHksIGZvciBwaWN0dXJlczAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEw\
    MTAwMDAwMFowGTEXMBUGA1UEAwwOYW5vdGhlci1jbGllbnQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC\
    AATvo0s1mShKt2bYzN7eR-4rZ4nXhL5slVxbxcFfbhAqYkwal2RQSkxh1TRmddH0Ndig7rmuesKdCIyo\
    1xoAQNURozUwMzAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB_wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcD\
    AjAKBggqhkjOPQQDAgNIADBFAiEA08RF6b5kZJa6g-JSQi2H1JdebU4Zn9E6M3mRNry4XLcCIFFRpiCK\
    8KiY1zGDOl_SNGpGSBSZCIz27f9-X8cpg-oJ
    """
}
