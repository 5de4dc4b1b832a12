import Testing

@testable import Emulation
