import Crystallography
import Foundation
import NumericalMethods

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The driver's side of the i-PI socket protocol (Ceriotti, More & Manolopoulos, Comput. Phys. Commun. 185 (2014)
/// 1019; Kapil et al. 236 (2019) 214): it sends cells and positions, any code that speaks the protocol sends energy,
/// forces and virial back.
///
/// Messages are 12 characters, padded with blanks; numbers are little-endian, lengths in bohr, energies in hartree, the
/// cell with lattice vectors as columns. One client at a time; when it has gone the next one may connect, and is asked
/// for the same structure again.
///
/// Unchecked because the compiler cannot see that the client is only spoken to under the lock.
package final class IPIServer: @unchecked Sendable {
    /// What a client answers.
    package struct Answer: Sendable {
        /// eV per cell.
        package var energy: Double
        /// eV/Å, in the order of the positions sent.
        package var forces: [SIMD3<Double>]
        /// −∂E/∂ε in eV, symmetrised.
        package var virial: Matrix3
        /// Text that the client adds, often empty.
        package var extra: String
    }

    package let address: IPIAddress
    /// Seconds that a client has to connect, and for each answer.
    package let timeLimit: Double
    private let listener: Int32
    /// Device and number of the socket's file, where it has one: what is taken away at the end.
    private let file: FileIdentity?
    private let lock = NSLock()
    /// Guarded by `lock`.
    private var client: ByteSocket?

    /// Å in a bohr and eV in a hartree (CODATA 2018).
    static let bohr = 0.529177210903
    static let hartree = 27.211386245988

    /// Starts to listen; a client may connect from now on.
    package init(_ address: IPIAddress, timeLimit: Double = 600) throws(IPIError) {
        self.address = address
        self.timeLimit = timeLimit
        listener = try Self.listen(at: address)
        file = address.path.flatMap(FileIdentity.init(ofSocket:))
    }

    deinit {
        if let client {
            // A client that has gone already needs no farewell.
            try? client.write(Self.header("EXIT"), deadline: Date(timeIntervalSinceNow: 1))
            client.close()
        }
        _ = systemClose(listener)
        // Another server may have taken the place meanwhile.
        if let path = address.path, let file, file == FileIdentity(ofSocket: path) { unlink(path) }
    }

    /// Energy, forces and virial of a cell (rows: lattice vectors, Å) with Cartesian positions (Å).
    ///
    /// - Throws: where no client comes, or it dies, is late, or answers nonsense; the connection is dropped then, and
    ///   the next call waits for another client.
    package func evaluate(cell: Matrix3, positions: [SIMD3<Double>]) throws(IPIError) -> Answer {
        lock.lock()
        defer { lock.unlock() }
        do throws(IPIError) {
            return try ask(cell: cell, positions: positions)
        } catch {
            client?.close()
            client = nil
            throw error
        }
    }

    private func ask(cell: Matrix3, positions: [SIMD3<Double>]) throws(IPIError) -> Answer {
        let deadline = Date(timeIntervalSinceNow: timeLimit)
        let socket: ByteSocket
        if let client { socket = client } else { socket = try accepted(deadline) }
        client = socket
        func send(_ bytes: [UInt8]) throws(IPIError) { try socket.write(bytes, deadline: deadline) }
        func message() throws(IPIError) -> String {
            String(decoding: try socket.read(12, deadline: deadline), as: UTF8.self)
                .trimmingCharacters(in: .whitespaces)
        }
        func status() throws(IPIError) -> String {
            try send(Self.header("STATUS"))
            return try message()
        }
        var state = try status()
        if state == "NEEDINIT" {
            let text = Array("{}".utf8)
            try send(Self.header("INIT") + Self.bytes([Int32(0), Int32(text.count)]) + text)
            state = try status()
        }
        guard state == "READY" else { throw .unexpectedMessage(expected: "READY", received: state) }
        try send(Self.positionMessage(cell: cell, positions: positions))
        state = try status()
        while state == "READY" || state == "BUSY" || state == "RUNNING" {
            guard Date() < deadline else { throw .clientLate }
            usleep(500)
            state = try status()
        }
        guard state == "HAVEDATA" else { throw .unexpectedMessage(expected: "HAVEDATA", received: state) }
        try send(Self.header("GETFORCE"))
        let answer = try message()
        guard answer == "FORCEREADY" else {
            throw .unexpectedMessage(expected: "FORCEREADY", received: answer)
        }
        return try received(socket, count: positions.count, deadline: deadline)
    }

    private func received(_ socket: ByteSocket, count: Int, deadline: Date) throws(IPIError) -> Answer {
        func doubles(_ count: Int) throws(IPIError) -> [Double] {
            Self.numbers(try socket.read(8 * count, deadline: deadline))
        }
        func integer() throws(IPIError) -> Int {
            let numbers: [Int32] = Self.numbers(try socket.read(4, deadline: deadline))
            return Int(numbers[0])
        }
        let energy = try doubles(1)[0] * Self.hartree
        let atoms = try integer()
        guard atoms == count else { throw .wrongAtomCount(sent: count, received: atoms) }
        let forces = try doubles(3 * count).map { $0 * Self.hartree / Self.bohr }
        let virial = try doubles(9).map { $0 * Self.hartree }
        let length = try integer()
        guard (0...100_000_000).contains(length) else {
            throw .unexpectedMessage(expected: "the length of a text", received: "\(length)")
        }
        let extra = try socket.read(length, deadline: deadline)
        guard energy.isFinite else { throw .notFinite("energy") }
        guard forces.allSatisfy(\.isFinite) else { throw .notFinite("forces") }
        guard virial.allSatisfy(\.isFinite) else { throw .notFinite("virial") }
        var tensor = Matrix3.zero
        for i in 0..<3 {
            for j in 0..<3 {
                // LAMMPS fills one triangle and leaves the other zero.
                let (here, there) = (virial[3 * i + j], virial[3 * j + i])
                tensor[i, j] = here == 0 ? there : there == 0 ? here : (here + there) / 2
            }
        }
        return Answer(
            energy: energy,
            forces: (0..<count).map { SIMD3(forces[3 * $0], forces[3 * $0 + 1], forces[3 * $0 + 2]) },
            virial: tensor, extra: String(decoding: extra, as: UTF8.self))
    }

    // MARK: Connection

    private func accepted(_ deadline: Date) throws(IPIError) -> ByteSocket {
        while true {
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { throw .noClient(address: address.description, seconds: timeLimit) }
            var state = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&state, 1, Int32(min(left * 1000 + 1, 1_000_000))) > 0 else { continue }
            let descriptor = accept(listener, nil, nil)
            if descriptor >= 0 { return ByteSocket(descriptor: descriptor) }
        }
    }

    private static func listen(at address: IPIAddress) throws(IPIError) -> Int32 {
        let (descriptor, isBound) =
            switch address {
            case .unix: Self.bound(toPath: address.path ?? "")
            case .internet(let host, let port): Self.bound(to: host, port: port)
            }
        guard isBound, systemListen(descriptor) == 0 else {
            let code = errno
            let reason =
                code == EEXIST
                ? "\(address.path ?? "") is a file and no socket; move it away or take another name"
                : String(cString: strerror(code))
            if descriptor >= 0 { _ = systemClose(descriptor) }
            throw .cannotListen(address: address.description, reason: reason)
        }
        return descriptor
    }

    private static func bound(toPath path: String) -> (Int32, Bool) {
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0, !isInUse(path) else {
            if descriptor >= 0 { errno = EADDRINUSE }
            return (descriptor, false)
        }
        // A socket that a killed run left behind makes place, and nothing else does.
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFSOCK else {
                errno = EEXIST
                return (descriptor, false)
            }
            unlink(path)
        }
        var address = unixAddress(path)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return (descriptor, result == 0)
    }

    /// Whether somebody listens at the path, whose socket must not be taken away.
    private static func isInUse(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0 else { return false }
        defer { _ = systemClose(descriptor) }
        var address = unixAddress(path)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func unixAddress(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.prefix(bytes.count - 1).enumerated() { bytes[index] = byte }
        }
        return address
    }

    private static func bound(to host: String, port: UInt16) -> (Int32, Bool) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = streamType
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let first = found else {
            errno = EADDRNOTAVAIL
            return (-1, false)
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        guard descriptor >= 0 else { return (descriptor, false) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        return (descriptor, bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0)
    }

    #if canImport(Glibc)
        private static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
        private static let streamType = SOCK_STREAM
    #endif

    private static func systemListen(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
            Glibc.listen(descriptor, 4)
        #else
            Darwin.listen(descriptor, 4)
        #endif
    }

    // MARK: Messages

    static func header(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: 0x20, count: 12 - text.utf8.count)
    }

    private static func positionMessage(cell: Matrix3, positions: [SIMD3<Double>]) -> [UInt8] {
        // Rows are lattice vectors here; the protocol wants them as columns, row by row.
        func rows(_ matrix: Matrix3, _ factor: Double) -> [Double] {
            (0..<3).flatMap { i in (0..<3).map { j in matrix[i, j] * factor } }
        }
        let columns = cell.transpose
        let inverse = columns.inverse
        return header("POSDATA") + bytes(rows(columns, 1 / bohr)) + bytes(rows(inverse, bohr))
            + bytes([Int32(positions.count)])
            + bytes(positions.flatMap { [$0.x / bohr, $0.y / bohr, $0.z / bohr] })
    }

    private static func bytes<T>(_ values: [T]) -> [UInt8] {
        values.withUnsafeBytes { Array($0) }
    }

    private static func numbers<T>(_ bytes: [UInt8]) -> [T] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<T>.size).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
            }
        }
    }
}

/// Which file a path names.
private struct FileIdentity: Equatable, Sendable {
    let device: UInt64
    let number: UInt64

    /// nil where there is no socket.
    init?(ofSocket path: String) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
        (device, number) = (UInt64(truncatingIfNeeded: status.st_dev), UInt64(status.st_ino))
    }
}
