import Glibc

enum Exit {
    static func now(_ code: Int32) -> Never { exit(code) }
}
