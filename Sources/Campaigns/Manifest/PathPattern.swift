import Foundation

/// Files that a word with `*`, `?` or `[…]` stands for, where no shell has looked.
package enum PathPattern {
    package static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

    /// Sorted by name; none where nothing fits.
    package static func matches(_ text: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(text, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { k in
            result.gl_pathv[k].map { String(cString: $0) }
        }
        .sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Files of a folder and of those in it, sorted by their paths; hidden ones are left out.
    package static func files(in folder: String) -> [String] {
        // An enumerator does not go through a link.
        let real = realpath(folder, nil)
        defer { free(real) }
        let names = FileManager.default.enumerator(atPath: real.map { String(cString: $0) } ?? folder)
        var result: [String] = []
        while let name = names?.nextObject() as? String {
            let path = folder + "/" + name
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            if !isHidden, FileManager.default.fileExists(atPath: path), !Self.isFolder(path) {
                result.append(path)
            }
        }
        return result.sorted()
    }
}
