import Archives

/// The ZIP archive of a pattern file; its errors name the file.
struct ZipArchive {
    private let zip: ZipFile
    private let file: String

    static func matches(_ bytes: [UInt8]) -> Bool { ZipFile.matches(bytes) }

    var names: [String] { zip.names }

    init(_ bytes: [UInt8], file: String) throws(CrystalFileError) {
        self.file = file
        do {
            zip = try ZipFile(bytes)
        } catch {
            throw Self.damaged(file)
        }
    }

    private static func damaged(_ file: String) -> CrystalFileError {
        CrystalFileError(file: file, problem: "the archive is damaged", remedy: "give a complete file")
    }

    /// The unpacked entry; nil where there is none of this name.
    func contents(of name: String) throws(CrystalFileError) -> [UInt8]? {
        do {
            return try zip.contents(of: name)
        } catch {
            throw Self.damaged(file)
        }
    }
}
