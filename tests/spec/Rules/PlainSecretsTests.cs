using Deployer.Spec.Rules;

namespace Deployer.Spec.Tests.Rules;

/// <summary>
/// What is a plain secret and what is none, wherever it stands: this is the rule. The values are no credentials of anybody.
/// </summary>
public sealed class PlainSecretsTests
{
    /// <summary>Each is judged as a variable, a property of a JVM, an assignment, an option and a member of JSON.</summary>
    [Theory]
    [InlineData("PASSWORD", true)]
    [InlineData("PGPASSWORD", true)]
    [InlineData("db.pass", true)]
    [InlineData("keyStorePassword", true)]
    [InlineData("spring.datasource.password", true)]
    [InlineData("storepass", true)]
    [InlineData("DB_PWD", true)]
    [InlineData("DB_CREDS", true)]
    [InlineData("API_TOKEN_2", true)]
    [InlineData("api.key", true)]
    [InlineData("apiKey", true)]
    [InlineData("APIKEY", true)]
    [InlineData("X-Api-Key", true)]
    [InlineData("API_KEYS", true)]
    [InlineData("signing.key", true)]
    [InlineData("ENCRYPTION_KEY", true)]
    [InlineData("DECRYPTION_KEY", true)]
    [InlineData("FERNET_KEY", true)]
    [InlineData("AES_KEY", true)]
    [InlineData("TLS_KEY", true)]
    [InlineData("SSL_KEY", true)]
    [InlineData("SENDGRID_KEY", true)]
    [InlineData("ACCOUNT_KEY", true)]
    [InlineData("SHARED_KEY", true)]
    [InlineData("STRIPE_KEY", true)]
    [InlineData("SECRET_KEY_BASE", true)]
    [InlineData("redis.auth", true)]
    [InlineData("REDISAUTH", true)]
    [InlineData("AUTH", true)]
    [InlineData("SALT", true)]
    [InlineData("HASHIDS_SALT", true)]
    [InlineData("GH_PAT", true)]
    // About one
    [InlineData("password.file", false)]
    [InlineData("PASSWORDFILE", false)]
    [InlineData("com.sun.management.jmxremote.password.file", false)]
    [InlineData("token.ttl", false)]
    [InlineData("credentials.provider", false)]
    [InlineData("SIGNING_KEY_ALIAS", false)]
    [InlineData("API_KEY_NAME", false)]
    [InlineData("API_KEY_HEADER", false)]
    [InlineData("ACCESS_KEY_ID_PARAMETER", false)]
    [InlineData("TOKEN_REFRESH_ENABLED", false)]
    [InlineData("SECRET_ARN", false)]
    [InlineData("SECRETS_MANAGER", false)]
    [InlineData("SALT_ROUNDS", false)]
    [InlineData("MAX_TOKENS", false)]
    [InlineData("passwordPolicy", false)]
    [InlineData("token_type", false)]
    // Other words
    [InlineData("KEY", false)]
    [InlineData("PARTITION_KEY", false)]
    [InlineData("CACHE_KEY", false)]
    [InlineData("SSH_PUBLIC_KEY", false)]
    [InlineData("MONKEY", false)]
    [InlineData("TOKENIZER", false)]
    [InlineData("SECRETARY", false)]
    [InlineData("BYPASS", false)]
    [InlineData("COMPASS", false)]
    [InlineData("PATTERN", false)]
    [InlineData("AUTHOR", false)]
    [InlineData("ENABLE_AUTH", false)]
    public void A_name_says_it_by_its_words_in_every_place(string name, bool isSecret)
    {
        PlainSecrets.IsVariable(name, "hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOption($"-D{name}=hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOne($"-Xmx1g -D{name}=hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOne($"a=1,{name}=hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOne($"--{name} hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOne($"{name}: hunter2").ShouldBe(isSecret);
        PlainSecrets.IsOne($"{{\"a\":{{\"{name}\":\"hunter2\"}}}}").ShouldBe(isSecret);
        Words($"serve --{name} hunter2").ShouldBe(isSecret ? ["hunter2"] : []);
        Words($"serve --{name}=hunter2").ShouldBe(isSecret ? ["hunter2"] : []);
    }

    /// <summary>Of names that say it.</summary>
    [Theory]
    [InlineData("PASSWORD", "")]
    [InlineData("PASSWORD", "/run/secrets/password")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "/etc/google.json")]
    [InlineData("TLS_KEY", "certificates/server.key")]
    [InlineData("PWD", "/app")]
    [InlineData("OLDPWD", "/app")]
    [InlineData("ENCRYPTION_KEY", "alias/orders")]
    [InlineData("ENCRYPTION_KEY", "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("API_KEY_NEEDED", "true")]
    [InlineData("PASSWORD_LOGIN", "disabled")]
    [InlineData("TOKEN_LIFE", "15m")]
    [InlineData("TOKEN_LIFE", "PT1H")]
    [InlineData("STRIPE_KEY", "pk_live_hunter2hunter2")]
    [InlineData("AUTH", "ldap")]
    [InlineData("AUTHORIZATION", "bearer")]
    public void A_value_may_be_harmless(string name, string value) => PlainSecrets.IsVariable(name, value).ShouldBeFalse();

    [Theory]
    [InlineData("PASSWORD", "123456")]
    [InlineData("PASSWORD", "a/b")]
    [InlineData("SECRET_KEY", "/bPxRfiCYEXAMPLEKEYw1/x")]
    [InlineData("PASSWORD_FILE", "ghp_hunter2hunter2hunter2")]
    [InlineData("ANY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("AUTH", "hunter2")]
    public void A_value_is_none_of_those(string name, string value)
    {
        PlainSecrets.IsVariable(name, value).ShouldBeTrue();
        PlainSecrets.IsOption($"-D{name}={value}").ShouldBeTrue();
    }

    /// <summary>As the value of a variable of any name.</summary>
    [Theory]
    [InlineData("--password hunter2", true)]
    [InlineData("-u admin:hunter2", true)]
    [InlineData("password: hunter2", true)]
    [InlineData("user: me\npassword: hunter2", true)]
    [InlineData("api-key=abcd1234efgh5678", true)]
    [InlineData("Authorization=Bearer abcdefgh1234", true)]
    [InlineData("Authorization: Token abcdef", true)]
    [InlineData("Token abcdef0123456789", true)]
    [InlineData("bearer hunter2-hunter2", true)]
    [InlineData("Server=db;User=me;Pwd=hunter2", true)]
    [InlineData("PlainLoginModule required username=\"me\" password=\"hunter2\";", true)]
    [InlineData("https://example.com/a?password=hunter2", true)]
    [InlineData("https://example.com/a?password=reset", false)]
    [InlineData("-Dpassword.file=/x -Dtoken.ttl=5", false)]
    [InlineData("--password $PASSWORD", false)]
    [InlineData("password: <yours>", false)]
    [InlineData("Invalid token: please log in", false)]
    [InlineData("Bearer authentication", false)]
    [InlineData("Authorization: Bearer $TOKEN", false)]
    [InlineData("{\"db\":{\"pass\":\"\"}}", false)]
    [InlineData("registry/vault-token:v1", false)]
    [InlineData("-u nginx:nginx", false)]
    [InlineData("-u http://example.com", false)]
    public void A_text_has_one_in_it(string text, bool isSecret) => PlainSecrets.IsOne(text).ShouldBe(isSecret);

    [Theory]
    [InlineData("curl -u admin:hunter2 http://db", "admin:hunter2")]
    [InlineData("curl -u admin:admin http://db", "admin:admin")]
    [InlineData("curl -uadmin:hunter2 http://db", "admin:hunter2")]
    [InlineData("/usr/bin/curl --proxy-user a:hunter2 http://db", "a:hunter2")]
    [InlineData("curl http://db/docker -u admin:hunter2", "admin:hunter2")]
    [InlineData("curl -u admin:$PASSWORD http://db", null)]
    [InlineData("curl -u admin http://db", null)]
    [InlineData("serve -u admin:hunter2", "admin:hunter2")]
    [InlineData("serve -u nginx:nginx", null)]
    [InlineData("serve -u 1000:1000", null)]
    [InlineData("serve --user 1000:1001", null)]
    [InlineData("docker run -u app:staff image", null)]
    [InlineData("su-exec -u app:staff serve", null)]
    [InlineData("chown -u app:staff /x; serve -u admin:hunter2", "admin:hunter2")]
    [InlineData("mysql -phunter2", "hunter2")]
    [InlineData("mysql -u root -phunter2 db", "hunter2")]
    [InlineData("mysql -u root -p orders", null)]
    [InlineData("mysqladmin ping -p$PASSWORD", null)]
    [InlineData("mkdir -phunter2", null)]
    [InlineData("redis-cli -a hunter2 ping", "hunter2")]
    [InlineData("ls -a hunter2", null)]
    [InlineData("sshpass -p hunter2 ssh host", "hunter2")]
    [InlineData("sshpass -phunter2 ssh host", "hunter2")]
    [InlineData("sshpass -f /run/password ssh host", null)]
    [InlineData("openssl enc -pass pass:hunter2", "pass:hunter2")]
    [InlineData("openssl enc -pass env:PASSWORD", null)]
    [InlineData("serve --token-file /run/token --no-password x --password-stdin y", null)]
    public void Options_of_a_letter_are_the_programs_own(string command, string? secret)
    {
        Words(command).ShouldBe(secret is null ? [] : [secret]);
        InShell(command).ShouldBe(secret is null ? [] : [secret]);
    }

    [Theory]
    [InlineData("X-Api-Key: hunter2", "hunter2")]
    [InlineData("Authorization: Token hunter2", "hunter2")]
    [InlineData("Authorization: Bearer $TOKEN", null)]
    [InlineData("Content-Type: text/plain", null)]
    public void A_header_holds_one(string header, string? secret)
    {
        string[] found = secret is null ? [] : [secret];
        PlainSecrets.InWord(["curl", "-H", header], 2).ShouldBe(found);
        InShell($"curl -H \"{header}\" http://db").ShouldBe(found);
    }

    [Fact]
    public void A_value_is_found_as_a_whole() => Words("serve --a=1,password=x,y").ShouldBe(["x,y"]);

    private static IEnumerable<string> Words(string command)
    {
        var words = command.Split(' ');
        return Enumerable.Range(0, words.Length).SelectMany(at => PlainSecrets.InWord(words, at));
    }

    private static IEnumerable<string> InShell(string command) => PlainSecrets.InWord(["sh", "-c", command], 2);
}
