using Deployer.Spec.Expressions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Tests.Rules;

public sealed class ServiceRulesTests
{
    private static SpecReading Read(string step, string values = "") =>
        SpecReader.Read(
            new MemoryFolder(
                (
                    SpecFile.Name,
                    $$"""
                    service: shop
                    targets:
                      dev: { account: "111111111111", region: us-east-1{{values}} }
                    steps:
                      web: { service: web, cluster: shop{{step}} }
                    """
                ),
                ("broken.json", "{"),
                ("empty.json", "{}"),
                ("copied.json", """{ "containerDefinitions": [], "revision": 3 }""")
            )
        );

    [Fact]
    public void The_keys_of_a_service_are_bound()
    {
        var step = Read(
            ", image: \"111111111111.dkr.ecr.us-east-1.amazonaws.com/a:${revision}\", container: app, cpu: 256, memory: 512, "
                + "task: { cpu: 512, memory: 1024 }, environment: { LEVEL: info }, secrets: { PASSWORD: /shop/password }"
        )
            .Spec.ShouldNotBeNull()
            .Step("web")
            .ShouldBeOfType<ServiceStep>();

        step.Image.ShouldNotBeNull().References.ShouldBe([new CommitRevision()]);
        (step.Container, step.Cpu, step.Memory, step.TaskCpu, step.TaskMemory).ShouldBe(("app", 256, 512, 512, 1024));
        step.Environment["LEVEL"].Text.ShouldBe("info");
        step.Secrets["PASSWORD"].Text.ShouldBe("/shop/password");
    }

    [Fact]
    public void The_revision_is_the_commit_in_an_image_alone()
    {
        const string Image = "111111111111.dkr.ecr.us-east-1.amazonaws.com/a";
        const string Step = $", image: \"{Image}:${{revision}}\", environment: {{ R: \"${{revision}}\" }}";
        var spec = Read(Step, ", values: { revision: own }").Spec.ShouldNotBeNull();
        var step = spec.Step("web").ShouldBeOfType<ServiceStep>();
        var resolve = spec.Resolver(spec.Target("dev")!, revision: "abc");

        step.Image.ShouldNotBeNull().Evaluate(resolve).Value.ShouldBe($"{Image}:abc");
        step.Environment["R"].Evaluate(resolve).Value.ShouldBe("own");
    }

    [Theory]
    [InlineData(
        "",
        "deployer.yaml:5:3: the step \"web\" changes nothing of its service; expected image, definition, cpu, memory, task, "
            + "environment or secrets"
    )]
    [InlineData(
        ", environment: { A: b }, secrets: { A: /c }",
        "deployer.yaml:5:76: the variable A of the step \"web\" is among environment and secrets; expected one of them: ECS refuses a "
            + "container with both"
    )]
    [InlineData(
        ", image: \"nginx:latest\"",
        "deployer.yaml:5:46: the tag of the image \"nginx:latest\" cannot be resolved to a digest: it is no private repository of ECR; "
            + "expected a tag of a private repository of ECR in the target's region, or an image by its digest, NAME@sha256:DIGEST"
    )]
    [InlineData(
        ", image: \"111111111111.dkr.ecr.eu-west-1.amazonaws.com/a:${revision}\"",
        "deployer.yaml:5:46: the image \"111111111111.dkr.ecr.eu-west-1.amazonaws.com/a:${revision}\" is in eu-west-1, and the target "
            + "\"dev\" in us-east-1; expected a tag of a private repository of ECR in the target's region, or an image by its digest, "
            + "NAME@sha256:DIGEST"
    )]
    [InlineData(
        ", cpu: 512, task: { cpu: 256, memory: 512 }",
        "deployer.yaml:5:55: the container of the step \"web\" has 512 CPU units, and its task 256; expected a task with a cpu of at "
            + "least 512"
    )]
    [InlineData(
        ", memory: 1024, task: { cpu: 256, memory: 512 }",
        "deployer.yaml:5:59: the container of the step \"web\" has 1024 MiB of memory, and its task 512; expected a task with a memory of "
            + "at least 1024"
    )]
    public void What_cannot_be_meant_is_a_fault(string step, string fault) =>
        Read(step).Faults.Select(found => found.ToString()).ShouldBe([fault]);

    [Theory]
    [InlineData("t.json", "there is no file \"t.json\"")]
    [InlineData("../t.json", "the path \"../t.json\"")]
    [InlineData("broken.json", "broken.json:1:2: the JSON cannot be read: ")]
    [InlineData("empty.json", "empty.json:1:1: the task definition has no containerDefinitions")]
    [InlineData("copied.json", "copied.json:1:31: revision is made by ECS itself and cannot be registered")]
    public void A_file_that_is_no_task_definition_is_a_fault(string file, string fault) =>
        Read($", definition: {file}").Faults.ShouldContain(found => found.ToString().Contains(fault));

    [Theory]
    [InlineData("PASSWORD: hunter2", true)]
    [InlineData("DATABASE: \"postgres://me:hunter2@db/shop\"", true)]
    [InlineData("SESSION_TOKEN: \"${key}\"", true)]
    [InlineData("DB_PWD: hunter2", true)]
    [InlineData("dbPwd: hunter2", true)]
    [InlineData("PGPASS: hunter2", true)]
    [InlineData("SMTP_PASS: hunter2", true)]
    [InlineData("PWD: /app", false)]
    [InlineData("OLDPWD: /app", false)]
    [InlineData("BYPASS: cache", false)]
    [InlineData("GH: ghp_hunter2hunter2hunter2", true)]
    [InlineData("SLACK: xoxb-hunter2-hunter2-hunter2", true)]
    [InlineData("LAB: glpat-hunter2hunter2hunter2", true)]
    [InlineData("REGISTRY: npm_hunter2hunter2hunter2hunter2hunter2hunte", true)]
    [InlineData("STRIPE: sk_live_hunter2hunter2", true)]
    [InlineData("STRIPE: pk_live_2hunterhunter", false)]
    [InlineData("HOOK: whsec_hunter2hunter2hunter2", true)]
    [InlineData("APP: xapp-1-hunter2-hunter2", true)]
    [InlineData("CHANNEL: https://hooks.slack.com/services/T0/B0/hunter2", true)]
    [InlineData("INDEX: pypi-AgEIhunter2hunter2hunter2", true)]
    [InlineData("INDEX: pypi-internal-mirror-of-the-whole-company", false)]
    [InlineData("APP: xapp-orders-and-stock-of-the-whole-company", false)]
    [InlineData("DATABASE: \"jdbc:postgresql://db:5432/orders?ssl=true&applicationName=orders\"", false)]
    [InlineData("DATABASE: \"jdbc:postgresql://db/orders?user=me&password=hunter2\"", true)]
    [InlineData("DATABASE: \"mongodb://db:27017/orders?replicaSet=rs0\"", false)]
    [InlineData("DATABASE: \"redis://:hunter2@cache:6379/0\"", true)]
    [InlineData("QUEUE: \"amqp://guest@mq:5672/\"", false)]
    [InlineData("QUEUE: \"amqp://guest:hunter2@mq:5672/\"", true)]
    [InlineData("PLACE: \"https://example.com:8080/a@b?x=1\"", false)]
    [InlineData("REPOSITORY: \"https://hunter2hunter2hunter2@git.example.com/a.git\"", true)]
    [InlineData("FILE: \"https://b.s3.amazonaws.com/a?X-Amz-Expires=60&X-Amz-Signature=hunter2\"", true)]
    [InlineData("SHARE: \"https://a.blob.core.windows.net/b?sv=2024&sig=hunter2\"", true)]
    [InlineData("HOOK: \"https://example.com/?api_key=hunter2\"", true)]
    [InlineData("HOOK: \"https://example.com/?token_type=bearer\"", false)]
    [InlineData("FILE: \"https://storage.googleapis.com/b/o?X-Goog-Signature=hunter2\"", true)]
    [InlineData("CACHE: \"redis://cache?auth=hunter2\"", true)]
    [InlineData("STORE: \"AccountName=a;AccountKey=hunter2==\"", true)]
    [InlineData("OPTIONS: \"-Xmx1g -Ddb.password=hunter2\"", true)]
    [InlineData("HOOK: \"https://discord.com/api/webhooks/1/hunter2\"", true)]
    [InlineData("HUB: dckr_pat_hunter2hunter2hunter2", true)]
    [InlineData("DOCS: https://slack.com/help", false)]
    [InlineData("MAPS: AIzaSyhunter2hunter2hunter2hunter2hunter2", true)]
    [InlineData("MAIL: SG.hunter2hunter2hunter2.hunter2hunter2hunter2", true)]
    [InlineData("MODEL: sk-proj-hunter2hunter2hunter2", true)]
    [InlineData("RISK: \"sk-project\"", false)]
    [InlineData("JWT: eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2", true)]
    [InlineData("AUTHORIZATION: \"Bearer hunter2-hunter2\"", true)]
    [InlineData("DATABASE: \"Server=db;User=me;Password=hunter2\"", true)]
    [InlineData("SORT: \"by=name;password_policy=strict\"", false)]
    [InlineData("PASSWORD_FILE: /run/password", false)]
    [InlineData("TOKEN_TTL: \"300\"", false)]
    [InlineData("ENCRYPTION_KEY: hunter2", true)]
    [InlineData("SIGNING_KEY: hunter2", true)]
    [InlineData("RAILS_MASTER_KEY: hunter2", true)]
    [InlineData("HMAC_KEY: hunter2", true)]
    [InlineData("SSH_KEY: hunter2", true)]
    [InlineData("STRIPE_KEY: hunter2", true)]
    [InlineData("GH_PAT: hunter2", true)]
    [InlineData("REDIS_AUTH: hunter2", true)]
    [InlineData("BEARER: hunter2", true)]
    [InlineData("PATTERN: hunter2", false)]
    [InlineData("ENABLE_AUTH: ldap", false)]
    [InlineData("KEY: cache", false)]
    [InlineData("A: wJalrXUtnFEMI/K7MDENG/bPxRfiCYhunter2KEY", true)]
    [InlineData("COMMIT: 5c1f0c3f7c1e4f0f8f0a4c0b6f0d7d1b7a9e2c44", false)]
    [InlineData("JAVA_TOOL_OPTIONS: \"-Xmx1g -Djavax.net.ssl.keyStorePassword=hunter2\"", true)]
    [InlineData("JAVA_TOOL_OPTIONS: \"-Xmx1g -Djavax.net.ssl.keyStoreType=PKCS12 -Dpassword.file=/run/p\"", false)]
    [InlineData("OPTIONS: \"--api-key=hunter2hunter2\"", true)]
    [InlineData("OPTIONS: \"--port=80 --verbose\"", false)]
    [InlineData("CONFIG: '{\"password\":\"hunter2\"}'", true)]
    [InlineData("CONFIG: '{\"passwordPolicy\":\"strict\"}'", false)]
    [InlineData("HEADER: \"Basic bWU6aHVudGVyMg==\"", true)]
    [InlineData("HEADER: \"Basic authentication\"", false)]
    [InlineData("VAULT: hvs.CAESIhunter2hunter2hunter2", true)]
    [InlineData("RELIC: NRAK-HUNTER2HUNTER2HUNTER2HUNTER", true)]
    [InlineData("CREDENTIALS_PROVIDER: container", false)]
    [InlineData("ACCESS_KEY_ID_PARAMETER: /orders/id", false)]
    [InlineData("PASSWORD_POLICY: strict", false)]
    [InlineData("DATABASE: \"jdbc:mysql://db/orders?passwordPolicy=strict\"", false)]
    [InlineData("SECRET_VERSION: AWSCURRENT", false)]
    [InlineData("SECRET_PROVIDER: ghp_hunter2hunter2hunter2", true)]
    [InlineData("API_KEY_REQUIRED: \"true\"", false)]
    [InlineData("API_SECRET: \"arn:aws:secretsmanager:us-east-1:111111111111:secret:api\"", false)]
    public void A_secret_in_plain_environment_is_refused_and_not_shown(string variable, bool isSecret)
    {
        var faults = Read($", environment: {{ {variable} }}", ", values: { key: hunter2 }").Faults;

        faults.Any(fault => fault.ToString().Contains("is a secret, and everybody who may read task definitions")).ShouldBe(isSecret);
        faults.ShouldNotContain(fault => fault.ToString().Contains("hunter2"));
        faults
            .Where(fault => fault.ToString().Contains("is a secret,"))
            .ShouldAllBe(fault => fault.ToString().EndsWith("a parameter by its path (/shop/password) or its ARN, or a secret by its ARN"));
    }

    [Theory]
    [InlineData("cpu: 32768, memory: 61440", null)]
    [InlineData("cpu: 32768, memory: 249856", null)]
    [InlineData("memory: 900", null)]
    [InlineData("cpu: 1000", "Fargate has no tasks with a cpu of 1000; expected 256, 512, 1024, 2048, 4096, 8192, 16384 or 32768; for a ")]
    [InlineData(
        "cpu: 256, memory: 1536",
        "Fargate has no tasks with a cpu of 256 and a memory of 1536 MiB; expected a memory of 512, 1024 or 2048 MiB with a cpu of 256; "
    )]
    [InlineData(
        "cpu: 32768, memory: 65536",
        "Fargate has no tasks with a cpu of 32768 and a memory of 65536 MiB; expected a memory of 61440, 122880 or 249856 MiB with a cpu "
            + "of 32768; for a service that is not on Fargate, a task definition file with its size"
    )]
    public void A_task_without_a_file_has_a_size_of_Fargate(string task, string? fault)
    {
        var faults = Read($", task: {{ {task} }}").Faults;

        faults.Count.ShouldBe(fault is null ? 0 : 1);
        faults.ShouldAllBe(found => found.ToString().Contains(fault!));
    }

    [Theory]
    [InlineData(", cpu: 0")]
    [InlineData(", memory: 1 GB")]
    [InlineData(", image: a, container: \"a b\"")]
    [InlineData(", environment: { 1A: b }")]
    [InlineData(", images: { a: b }")]
    [InlineData(", memory: 1")]
    [InlineData(", secrets: { PASSWORD: hunter2 }")]
    public void What_ECS_would_refuse_is_refused_before(string step)
    {
        var faults = Read(step).Faults;

        faults.ShouldNotBeEmpty();
        faults.ShouldAllBe(fault => !fault.ToString().Contains("hunter2"));
    }
}
