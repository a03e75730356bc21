namespace Deployer.Rehearsal.CodeBuild.Tools;

/// <summary>
/// What the general images that CodeBuild maintains have of the programs that a build's commands may call, and where each is from. There
/// is no Clojure among them.
/// </summary>
/// <remarks>
/// https://github.com/aws/aws-codebuild-docker-images at 1590e48: <c>ubuntu/standard</c> 7.0 and 8.0, <c>al/x86_64/standard</c> 5.0 and
/// 6.0. A line names a source and its programs: a package that the Dockerfile installs (with what the package requires, as
/// <c>automake</c> requires <c>autoconf</c>), the variable that holds the version of what it fetches, or a runtime of
/// <c>runtimes.yml</c>. The rest is said in words.
/// </remarks>
internal static class CuratedImages
{
    /// <summary>The source of what the base image has before anything is installed.</summary>
    internal const string Base = "base";

    /// <summary>The image of the deployer's template where nobody names another.</summary>
    internal const string Usual = "aws/codebuild/standard:7.0";

    // coreutils has a line of its own, as all four Dockerfiles name it.
    private const string All = """
        coreutils: [ arch b2sum base32 base64 basename basenc cat chgrp chmod chown chroot cksum comm cp csplit cut date dd df dir dircolors
        coreutils: dirname du echo env expand expr factor false fmt fold groups head hostid id install join link ln logname ls md5sum mkdir
        coreutils: mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr printenv printf ptx pwd readlink realpath rm
        coreutils: rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stdbuf stty sum sync
        coreutils: tac tail tee test timeout touch tr true truncate tsort tty uname unexpand uniq unlink users vdir wc who whoami yes
        base: bash sh grep egrep fgrep sed awk getent iconv ldd
        acl: getfacl setfacl
        amazon-ecr-credential-helper: docker-credential-ecr-login
        asciidoc: asciidoc a2x
        automake: automake aclocal autoconf autoreconf autoheader
        binutils: ar as ld nm objcopy objdump ranlib readelf size strings strip
        bison: bison
        brotli: brotli
        dnsutils: dig host nslookup
        expect: expect
        fakeroot: fakeroot
        file: file
        findutils: find xargs
        flex: flex lex
        g++: g++ c++
        gcc: gcc cc cpp gcov
        gh: gh
        git-lfs: git-lfs
        gnupg2: gpg gpg-agent dirmngr
        groff: groff nroff troff
        gzip: gzip gunzip zcat zgrep
        iptables: iptables
        jq: jq
        libtool: libtool libtoolize
        lz4: lz4
        m4: m4
        make: make
        mercurial: hg
        net-tools: ifconfig netstat route
        openssl: openssl
        parallel: parallel
        patchelf: patchelf
        pigz: pigz unpigz
        pkg-config: pkg-config
        rpm: rpm
        rsync: rsync
        sshpass: sshpass
        sudo: sudo
        swig: swig
        tar: tar
        tcl: tclsh
        telnet: telnet
        texinfo: makeinfo
        time: time
        tk: wish
        unzip: unzip zipinfo
        vim: vim xxd
        wget: wget
        xmlto: xmlto
        xorriso: xorriso
        zip: zip
        AWS CLI v2: aws
        SAM CLI: sam
        GIT_VERSION: git
        STUNNEL_VERSION: stunnel
        KUBERNETES_VERSION: kubectl aws-iam-authenticator eksctl ecs-cli
        PACK_VERSION: pack
        DOCKER_VERSION: docker dockerd
        DOCKER_COMPOSE_VERSION: docker-compose
        DOCKER_BUILDX_VERSION: docker-buildx
        POWERSHELL_VERSION: pwsh
        ANT_VERSION: ant
        MAVEN_VERSION: mvn
        GRADLE_8_VERSION: gradle
        SBT_VERSION: sbt
        PYTHON_PIP_VERSION: pip pip3
        java: java javac javadoc jar jdeps jps jshell jstack keytool
        golang: go gofmt goenv
        python: python python3 pyenv pipenv virtualenv
        php: php composer phpenv
        ruby: ruby gem bundle irb rbenv
        nodejs: node npm npx yarn grunt webpack n
        dotnet: dotnet
        """;

    // Of Ubuntu's image: util-linux, bsdutils, diffutils, debianutils, hostname, libc-bin, ncurses-bin, perl-base and apt.
    private const string Ubuntu = """
        base: flock getopt logger lscpu more mount rev script setsid taskset umount whereis
        base: dash mawk hostname perl pidof which locale localedef cmp diff diff3 sdiff clear infocmp tput apt apt-get apt-cache
        aria2: aria2c
        bzip2: bzip2 bunzip2 bzcat
        bzr: bzr
        curl: curl
        dpkg: dpkg dpkg-query
        dpkg-dev: dpkg-buildpackage
        firefox: firefox
        firefox-geckodriver: geckodriver
        ftp: ftp
        gettext: gettext msgfmt xgettext
        gettext-base: envsubst
        imagemagick: convert identify
        iproute2: ip ss
        less: less
        llvm: llvm-config
        mediainfo: mediainfo
        openssh-client: scp sftp ssh ssh-add ssh-agent ssh-keygen ssh-keyscan
        p7zip-full: 7z
        pass: pass
        patch: patch
        procps: free kill pgrep pkill ps top uptime w watch
        shellcheck: shellcheck
        software-properties-common: add-apt-repository
        sqlite3: sqlite3
        subversion: svn
        upx: upx
        xsltproc: xsltproc
        libxml2-utils: xmllint
        xvfb: Xvfb xvfb-run
        xz-utils: xz unxz xzcat
        zsync: zsync
        """;

    // Of Amazon Linux's image: curl-minimal, gawk and dnf. The group "Development tools" is installed as one, and brings with rpm-build and
    // others what nothing else names. krb5-server requires systemd, and so util-linux; git-lfs requires git's package, and so less.
    private const string AmazonLinux = """
        base: curl gawk dnf yum
        Development tools: cmp diff diff3 sdiff bzip2 bunzip2 bzcat patch gettext msgfmt xgettext envsubst gdb rpmbuild strace
        krb5-server: flock getopt hexdump kill logger lscpu more mount rev script setsid taskset umount uuidgen whereis
        cvs: cvs
        git-lfs: less
        glibc-common: locale localedef
        icu: uconv
        ImageMagick: convert identify magick
        libxml2-devel: xmllint
        libxslt: xsltproc
        mlocate: locate updatedb
        openssh-clients: scp sftp ssh ssh-add ssh-agent ssh-keygen ssh-keyscan
        p7zip: 7za
        p7zip-plugins: 7z
        perl: perl
        procps-ng: free pgrep pidof pkill ps top uptime w watch
        runfinch-finch: finch
        sqlite: sqlite3
        subversion-perl: svn
        which: which
        xorg-x11-server-Xvfb: Xvfb xvfb-run
        xz: xz unxz xzcat
        GITVERSION_VERSION: gitversion
        """;

    private const string Rust = "rust: cargo rustc rustup";

    /// <summary>The images, and the programs of each by their sources.</summary>
    internal static IReadOnlyDictionary<string, IReadOnlyList<(string Source, string Program)>> Programs { get; } =
        new Dictionary<string, IReadOnlyList<(string, string)>>(StringComparer.Ordinal)
        {
            [Usual] = Read(All, Ubuntu, "mlocate: locate updatedb", "netcat: nc"),
            ["aws/codebuild/standard:8.0"] = Read(All, Ubuntu, "netcat-openbsd: nc", Rust),
            ["aws/codebuild/amazonlinux-x86_64-standard:5.0"] = Read(All, AmazonLinux),
            ["aws/codebuild/amazonlinux-x86_64-standard:6.0"] = Read(All, AmazonLinux, Rust),
        };

    /// <summary>Whether an image is one of those that CodeBuild maintains, with a list here or without.</summary>
    /// <remarks>https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html</remarks>
    internal static bool IsCurated(string image) => image.StartsWith("aws/codebuild/", StringComparison.Ordinal);

    private static List<(string, string)> Read(params string[] lists) =>
        [
            .. lists
                .SelectMany(list => list.Split('\n'))
                .Select(line => line.Split(": ", 2))
                .SelectMany(line => line[1].Split(' ').Select(program => (line[0], program))),
        ];
}
