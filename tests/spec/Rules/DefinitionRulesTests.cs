using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Rules;

/// <summary>A task definition in a file of the service: what ECS would refuse, or pass over, is a fault at its place.</summary>
public sealed class DefinitionRulesTests
{
    private const string Image = "111111111111.dkr.ecr.us-east-1.amazonaws.com/a";

    private const string Right = """
        {
          "family": "shop",
          "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"],
          "cpu": "512",
          "memory": "1 GB",
          "tags": [{ "key": "team", "value": "shop" }],
          "containerDefinitions": [
            {
              "name": "web",
              "image": "replaced",
              "memory": 900,
              "environment": [{ "name": "LEVEL", "value": "info" }],
              "secrets": [{ "name": "PASSWORD", "valueFrom": "/shop/password" }],
              "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": "/shop", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "s" } }
            }
          ]
        }
        """;

    private const string PortName = "; expected 1 to 64 lowercase letters, digits, hyphens and underscores that do not begin with a hyphen";

    private const string Long64 = "a-port_name-0123456789-0123456789-0123456789-0123456789-01234567";

    private const string Sidecar = """
              "name": "proxy", "image": "p" },
            {
              "name": "web",
        """;

    [Theory]
    [InlineData("Zq8vR4tLm2Xw9Kc7")]
    [InlineData("p@ss w0rd hunter2!")]
    [InlineData("arn:aws:iam::111111111111:role/web")]
    public void A_secret_in_the_place_of_its_reference_is_refused_and_not_shown(string pasted)
    {
        var faults = Faults(Right.Replace("/shop/password", pasted, StringComparison.Ordinal));

        faults.ShouldHaveSingleItem().ShouldContain("what PASSWORD is taken from is no parameter and no secret, and is not shown");
        faults[0].ShouldNotContain(pasted);
    }

    private static IReadOnlyList<string> Faults(string definition, string step = $"image: \"{Image}:${{revision}}\"", string values = "") =>
        [
            .. SpecReader
                .Read(
                    new MemoryFolder(
                        (
                            SpecFile.Name,
                            $$"""
                            service: shop
                            targets:
                              dev: { account: "111111111111", region: us-east-1, values: { {{values}} } }
                            steps:
                              web: { service: web, cluster: shop, definition: task.json, {{step}} }
                            """
                        ),
                        ("task.json", definition)
                    )
                )
                .Faults.Select(fault => fault.ToString()),
        ];

    [Fact]
    public void A_definition_that_ECS_registers_has_no_fault() => Faults(Right).ShouldBeEmpty();

    [Theory]
    [InlineData(
        "\"family\"",
        "\"famly\"",
        "task.json:2:3: ECS knows no member \"famly\" here; expected one of ",
        "(did you mean \"family\"?)"
    )]
    [InlineData("\"image\":", "\"Image\":", "task.json:11:7: ECS knows no member \"Image\" here; expected one of ", "\"image\"?)")]
    [InlineData("\"family\": \"shop\"", "\"family\": 3", "task.json:2:13: family is the number 3; expected a text in quotes", "")]
    [InlineData("900", "\"900\"", "task.json:12:17: memory is the text \"900\"; expected a whole number without quotes", "")]
    [InlineData(
        "awslogs\",",
        "cloudwatch\",",
        "task.json:15:42: logDriver is the text \"cloudwatch\"; expected one of awsfirelens, awslogs",
        ""
    )]
    [InlineData("[\"FARGATE\"]", "\"FARGATE\"", "task.json:4:30: requiresCompatibilities is the text \"FARGATE\"; expected a list", "")]
    [InlineData(
        "{\n        \"awslogs-group\": \"/shop\", \"awslogs-region\": \"us-east-1\", \"awslogs-stream-prefix\": \"s\" }",
        "[]",
        "options is a list; expected an object of texts",
        ""
    )]
    [InlineData("\"family\"", "\"taskDefinitionArn\"", "task.json:2:3: taskDefinitionArn is made by ECS itself", "")]
    [InlineData("\"family\"", "\"status\"", "task.json:2:3: status is made by ECS itself", "")]
    [InlineData("\"family\"", "\"registeredAt\"", "task.json:2:3: registeredAt is made by ECS itself", "")]
    [InlineData("\"awsvpc\"", "\"bridge\"", "task.json:3:18: Fargate has no other network mode than awsvpc; expected awsvpc", "")]
    [InlineData("\"512\"", "\"500\"", "task.json:5:10: Fargate has no tasks with a cpu of 500; expected 256, 512, 1024", "")]
    [InlineData(
        "\"1 GB\"",
        "\"512\"",
        "Fargate has no tasks with a cpu of 512 and a memory of 512 MiB; expected a memory of 1024 to 4096",
        ""
    )]
    [InlineData("\"1 GB\"", "\"much\"", "task.json:6:13: the memory is \"much\"; expected \"2048\" or \"2 GB\"", "")]
    [InlineData("\"cpu\": \"512\",", "", "task.json:1:1: a task on Fargate needs a cpu; expected cpu, or task with it in the step", "")]
    [InlineData("900", "1900", "task.json:6:13: the containers need 1900 MiB together, and the task has 1024; expected a memory of at", "")]
    [InlineData("\"name\": \"web\",", "", "task.json:9:5: the container has no name; expected a name", "")]
    [InlineData("\"LEVEL\"", "\"PASSWORD\"", "the container has the variable PASSWORD twice; expected each variable once", "")]
    [InlineData("\"LEVEL\"", "\"API_TOKEN\"", "task.json:13:55: the environment variable API_TOKEN is a secret, and everybody", "")]
    [InlineData("\"info\"", "\"postgres://me:hunter2@db\"", "task.json:13:51: the environment variable LEVEL is a secret, and", "")]
    [InlineData("\"/shop\"", "\"/shop/${revision}\"", "awslogs-group has ${revision}, which the step's image alone can have; expected", "")]
    [InlineData("\"replaced\"", "\"https://me:hunter2@registry/shop\"", "task.json:11:16: image has a credential in it, and everybody", "")]
    [InlineData("\"valueFrom\"", "\"value\"", "task.json:14:41: ECS knows no member \"value\" here; expected one of name, valueFrom", "")]
    public void What_ECS_would_refuse_is_a_fault_at_its_place(string from, string to, string fault, string ending)
    {
        Right.ShouldContain(from);
        var at = Right.IndexOf(from, StringComparison.Ordinal);

        var faults = Faults(Right.Remove(at, from.Length).Insert(at, to));

        faults.ShouldContain(found => found.Contains(fault, StringComparison.Ordinal) && found.EndsWith(ending, StringComparison.Ordinal));
        faults.ShouldNotContain(found => found.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_container_that_waits_for_another_where_there_is_none_is_a_fault_that_says_so() =>
        Faults(
                Right.Replace(
                    "\"name\": \"web\",",
                    "\"name\": \"web\", \"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"START\" }],",
                    StringComparison.Ordinal
                )
            )
            .ShouldHaveSingleItem()
            .ShouldEndWith(
                "the task definition has no other container \"proxy\"; expected the name of another container, and there is none"
            );

    [Theory]
    [InlineData("[]", "task.json:1:1: here is a list; expected a task definition in JSON")]
    [InlineData("""{ "containerDefinitions": [] }""", "task.json:1:27: there is no container; expected at least one")]
    [InlineData("""{ "containerDefinitions": [3] }""", "task.json:1:28: containerDefinitions is the number 3; expected an object")]
    [InlineData("""{ "family": "a", "family": "b" }""", "task.json:1:18: the key \"family\" is already on line 1; expected each key once")]
    public void A_file_of_another_form_is_a_fault(string definition, string fault) => Faults(definition).ShouldContain(fault);

    [Theory]
    [InlineData("\"memory\": 900", "\"memory\": -900", "memory is the number -900; expected 6 or more MiB")]
    [InlineData("\"memory\": 900", "\"cpu\": -5", "cpu is the number -5; expected 0 or more CPU units")]
    [InlineData("\"memory\": 900", "\"stopTimeout\": -1", "stopTimeout is the number -1; expected 0 or more seconds")]
    [InlineData(
        "\"memory\": 900",
        "\"cpu\": 513",
        "the containers have 513 CPU units together, and the task has 512; expected a cpu of at least 513"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"portMappings\": [{ \"containerPort\": 70000 }]",
        "containerPort is the number 70000; expected 1 to 65535"
    )]
    [InlineData("\"memory\": 900", "\"portMappings\": [{ \"containerPort\": -1 }]", "containerPort is the number -1; expected 1 to 65535")]
    [InlineData(
        "\"memory\": 900",
        "\"portMappings\": [{ \"containerPort\": 80, \"hostPort\": 81 }]",
        "the hostPort is 81, and the containerPort 80; expected no hostPort, or the same port, in the network mode awsvpc"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"healthCheck\": { \"command\": [\"CMD\", \"check\"], \"timeout\": 1 }",
        "timeout is the number 1; expected 2 to 60 seconds"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"dependsOn\": [{ \"containerName\": \"prxy\", \"condition\": \"START\" }]",
        "the task definition has no other container \"prxy\"; expected one of proxy (did you mean \"proxy\"?)"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"dependsOn\": [{ \"containerName\": \"web\", \"condition\": \"START\" }]",
        "the task definition has no other container \"web\"; expected one of proxy"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"HEALTHY\" }]",
        "the container \"proxy\" has no healthCheck, and is never HEALTHY; expected a healthCheck there, or another condition"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"SUCCESS\" }]",
        "the container \"proxy\" is essential, and the task ends with it before SUCCESS can be seen"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"volumesFrom\": [{ \"sourceContainer\": \"other\" }]",
        "the task definition has no other container \"other\"; expected one of proxy"
    )]
    [InlineData(
        "\"memory\": 900",
        "\"mountPoints\": [{ \"sourceVolume\": \"data\", \"containerPath\": \"/d\" }]",
        "the task definition has no volume \"data\"; expected the name of a volume, and there is none"
    )]
    [InlineData("\"shop\",\n", "\"a b\",\n", "the family is \"a b\"; expected 1 to 255 letters, digits, hyphens and underscores")]
    [InlineData(
        "\"memory\": \"1 GB\",",
        "\"memory\": \"1 GB\", \"volumes\": [{ \"name\": \"a/b\" }],",
        "the volume's name is \"a/b\"; expected 1 to 255 letters, digits, hyphens and underscores"
    )]
    [InlineData(
        "\"memory\": \"1 GB\",",
        "\"memory\": \"1 GB\", \"ephemeralStorage\": { \"sizeInGiB\": 20 },",
        "sizeInGiB is the number 20; expected 21 to 200 GiB"
    )]
    public void Numbers_and_names_that_ECS_would_refuse_are_faults_at_their_place(string from, string to, string fault)
    {
        var two = Right.Replace("      \"name\": \"web\",\n", Sidecar + "\n", StringComparison.Ordinal);
        two.ShouldContain(from);

        Faults(two.Replace(from, to, StringComparison.Ordinal), $"container: web, image: {Image}")
            .ShouldHaveSingleItem()
            .ShouldMatch(@"^task\.json:[0-9]+:[0-9]+: " + System.Text.RegularExpressions.Regex.Escape(fault));
    }

    [Fact]
    public void Names_that_other_parts_have_are_no_faults()
    {
        const string Rest =
            "\"memory\": 900, \"mountPoints\": [{ \"sourceVolume\": \"data-${target}\", \"containerPath\": \"/d\" }], "
            + "\"volumesFrom\": [{ \"sourceContainer\": \"proxy\" }], "
            + "\"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"START\" }], "
            + "\"portMappings\": [{ \"containerPort\": 80, \"hostPort\": 80 }]";
        var two = Right
            .Replace("      \"name\": \"web\",\n", Sidecar + "\n", StringComparison.Ordinal)
            .Replace("\"memory\": 900", Rest, StringComparison.Ordinal)
            .Replace("\"cpu\": \"512\",", "\"cpu\": \"512\", \"volumes\": [{ \"name\": \"data-dev\" }],", StringComparison.Ordinal);

        Faults(two, $"container: web, image: {Image}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "web",
        "job",
        "the containers proxy, job, web wait for each other, so that none of them starts; expected an order in which"
    )]
    [InlineData("web", "proxy", "the containers proxy, web wait for each other, so that none of them starts; expected an order in which")]
    [InlineData("job", "job", "")]
    [InlineData("web", "", "")]
    public void Containers_that_wait_for_each_other_are_a_fault(string ofProxy, string ofWeb, string fault)
    {
        var three = Right.Replace(
            "      \"name\": \"web\",\n",
            $$"""
                  "name": "proxy", "image": "p", "dependsOn": [{{Start(ofProxy)}}] },
                { "name": "job", "image": "j", "dependsOn": [{{(ofWeb == "job" && ofProxy == "web" ? Start("proxy") : "")}}] },
                {
                  "name": "web", "dependsOn": [{{Start(ofWeb)}}],

            """,
            StringComparison.Ordinal
        );

        var faults = Faults(three, $"container: web, image: {Image}");

        faults.Count.ShouldBe(fault.Length == 0 ? 0 : 1, string.Join('\n', faults));
        faults.ShouldAllBe(found => found.StartsWith($"task.json:10:51: {fault}", StringComparison.Ordinal));

        static string Start(string name) => name.Length == 0 ? "" : $$"""{ "containerName": "{{name}}", "condition": "START" }""";
    }

    [Theory]
    [InlineData("121", "[\"FARGATE\"]", "task.json:12:22: Fargate has no stopTimeout of 121 seconds; expected 0 to 120 seconds")]
    [InlineData("121", "[\"EC2\", \"FARGATE\"]", "task.json:12:22: Fargate has no stopTimeout of 121 seconds; expected 0 to 120 seconds")]
    [InlineData("120", "[\"FARGATE\"]", null)]
    [InlineData("600", "[]", null)]
    public void Fargate_kills_a_container_after_two_minutes_at_the_latest(string seconds, string places, string? fault) =>
        Faults(
                Right
                    .Replace("\"memory\": 900", $"\"stopTimeout\": {seconds}", StringComparison.Ordinal)
                    .Replace("[\"FARGATE\"]", places, StringComparison.Ordinal)
            )
            .ShouldBe(fault is null ? [] : [fault]);

    /// <summary>Where the service runs is known when it is looked at: by the plan, and before anything is registered.</summary>
    [Theory]
    [InlineData("[\"EC2\"]")]
    [InlineData("[\"MANAGED_INSTANCES\"]")]
    public void A_definition_for_other_places_is_no_fault(string places) =>
        Faults(Right.Replace("[\"FARGATE\"]", places, StringComparison.Ordinal)).ShouldBeEmpty();

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-logconfig.html</summary>
    [Theory]
    [InlineData("\"command\": [\"serve\", \"--password=hunter2\"]", "command has a credential in it, and everybody who may read task")]
    [InlineData("\"command\": [\"serve\", \"--token\", \"hunter2\"]", "command has a credential in it, and everybody who may read task")]
    [InlineData(
        "\"command\": [\"sh\", \"-c\", \"run --password hunter2\"]",
        "command has a credential in it, and everybody who may read task"
    )]
    [InlineData(
        "\"command\": [\"curl\", \"-u\", \"admin:hunter2\", \"http://db\"]",
        "command has a credential in it, and everybody who may read task"
    )]
    [InlineData(
        "\"command\": [\"sh\", \"-c\", \"curl --user admin:hunter2 http://db\"]",
        "command has a credential in it, and everybody who may read task"
    )]
    [InlineData("\"entryPoint\": [\"sh\", \"-c\", \"PGPASSWORD=hunter2 serve\"]", "entryPoint has a credential in it, and everybody")]
    [InlineData("\"command\": [\"java\", \"-Dspring.datasource.password=hunter2\"]", "command has a credential in it, and everybody")]
    [InlineData(
        "\"healthCheck\": { \"command\": [\"CMD-SHELL\", \"curl --api-key='hunter2' localhost\"] }",
        "command has a credential in it, and everybody who may read task definitions reads it"
    )]
    [InlineData("\"dockerLabels\": { \"com.a.api-key\": \"hunter2\" }", "com.a.api-key of dockerLabels is a secret, and everybody")]
    [InlineData(
        "\"repositoryCredentials\": { \"credentialsParameter\": \"me:hunter2!\" }",
        "the credentialsParameter is no secret's ARN or name, and is not shown; expected the ARN of a secret in Secrets Manager"
    )]
    public void A_secret_outside_of_the_environment_is_refused_and_not_shown(string member, string fault)
    {
        var found = Faults(Right.Replace("\"memory\": 900", member, StringComparison.Ordinal)).ShouldHaveSingleItem();

        found.ShouldContain(fault);
        found.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData(
        "\"logDriver\": \"splunk\", \"options\": { \"splunk-url\": \"https://s\", \"splunk-token\": \"hunter2\" }",
        "splunk-token of options is a secret, and everybody who may read task definitions reads it; expected it among the secretOptions"
    )]
    [InlineData(
        "\"logDriver\": \"splunk\", \"secretOptions\": [{ \"name\": \"splunk-token\", \"valueFrom\": \"hunter2\" }]",
        "what splunk-token is taken from is no parameter and no secret, and is not shown; expected a parameter by its path"
    )]
    [InlineData("\"logDriver\": \"splunk\", \"secretOptions\": [{ \"name\": \"splunk-token\", \"valueFrom\": \"/shop/splunk\" }]", null)]
    [InlineData("\"logDriver\": \"awsfirelens\"", "the logDriver is awsfirelens, and no container routes logs; expected a container with")]
    public void A_log_that_goes_elsewhere_has_its_parts_and_no_secret(string log, string? fault)
    {
        var faults = Faults(
            System.Text.RegularExpressions.Regex.Replace(
                Right,
                "\"logConfiguration\": .*\\n.* }",
                $"\"logConfiguration\": {{ {log} }}",
                System.Text.RegularExpressions.RegexOptions.None,
                TimeSpan.FromSeconds(1)
            )
        );

        faults.Count.ShouldBe(fault is null ? 0 : 1, string.Join('\n', faults));
        faults.ShouldAllBe(found =>
            found.Contains(fault!, StringComparison.Ordinal) && !found.Contains("hunter2", StringComparison.Ordinal)
        );
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html</summary>
    [Theory]
    [InlineData("{ \"containerPortRange\": \"9000-8000\" }", "containerPortRange is \"9000-8000\"; expected two ports of 1 to 65535, the")]
    [InlineData("{ \"containerPortRange\": \"70000-70001\" }", "containerPortRange is \"70000-70001\"; expected two ports of 1 to 65535")]
    [InlineData("{ \"containerPortRange\": \"80\" }", "containerPortRange is \"80\"; expected two ports of 1 to 65535")]
    [InlineData("{ \"containerPort\": 85 }, { \"containerPortRange\": \"80-90\" }", "the port 80-90 (tcp) is mapped before; expected each")]
    [InlineData(
        "{ \"containerPortRange\": \"80-90\" }, { \"containerPort\": 90 }",
        "the port 90 (tcp) is mapped before; expected each port"
    )]
    [InlineData(
        "{ \"containerPortRange\": \"80-90\" }, { \"containerPortRange\": \"90-91\" }",
        "the port 90-91 (tcp) is mapped before; expected each port once"
    )]
    [InlineData(
        "{ \"containerPort\": 79, \"containerPortRange\": \"80-90\" }",
        "portMappings has a containerPort and a containerPortRange; expected one of both"
    )]
    public void Ranges_of_ports_are_those_that_ECS_takes(string mappings, string fault) =>
        Faults(Right.Replace("\"memory\": 900", $"\"portMappings\": [{mappings}]", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain(fault);

    [Theory]
    [InlineData("\"startTimeout\": 1", "Fargate has no startTimeout of 1 seconds; expected 2 to 120 seconds")]
    [InlineData("\"startTimeout\": 121", "Fargate has no startTimeout of 121 seconds; expected 2 to 120 seconds")]
    [InlineData(
        "\"firelensConfiguration\": { \"type\": \"fluentbit\", \"options\": { \"config-file-type\": \"s3\" } }",
        "Fargate has no config-file-type s3; expected file, with the path of a file of the image"
    )]
    public void What_Fargate_limits_of_a_start_and_of_FireLens_is_a_fault(string member, string fault)
    {
        var definition = Right.Replace("\"memory\": 900", member, StringComparison.Ordinal);

        Faults(definition).ShouldHaveSingleItem().ShouldContain(fault);
        Faults(definition.Replace("[\"FARGATE\"]", "[\"EC2\"]", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>What is put in the place of the container's memory, or of the task's.</summary>
    [Theory]
    [InlineData("c", "\"essential\": false", "task.json:8:27: no container is essential; expected at least one that is")]
    [InlineData(
        "c",
        "\"extraHosts\": [{ \"hostname\": \"a\", \"ipAddress\": \"10.0.0.1\" }]",
        "Fargate has no extraHosts; expected no extraHosts"
    )]
    [InlineData("c", "\"hostname\": \"a\"", "a container with the network mode awsvpc cannot have hostname; expected no hostname")]
    [InlineData("c", "\"links\": [\"db\"]", "Fargate has no links; expected no links")]
    [InlineData("c", "\"privileged\": true", "Fargate has no privileged; expected no privileged")]
    [InlineData("c", "\"disableNetworking\": true", "Fargate has no disableNetworking")]
    [InlineData("c", "\"dnsServers\": [\"10.0.0.2\"]", "Fargate has no dnsServers")]
    [InlineData("c", "\"dnsSearchDomains\": [\"a.b\"]", "Fargate has no dnsSearchDomains")]
    [InlineData("c", "\"dockerSecurityOptions\": [\"no-new-privileges\"]", "Fargate has no dockerSecurityOptions")]
    [InlineData(
        "c",
        "\"resourceRequirements\": [{ \"type\": \"GPU\", \"value\": \"1\" }]",
        "12:34: Fargate has no type GPU; expected no type"
    )]
    [InlineData("c", "\"linuxParameters\": { \"sharedMemorySize\": 64 }", "Fargate has no sharedMemorySize")]
    [InlineData("c", "\"linuxParameters\": { \"maxSwap\": 64 }", "Fargate has no maxSwap")]
    [InlineData("c", "\"linuxParameters\": { \"swappiness\": 60 }", "Fargate has no swappiness")]
    [InlineData("c", "\"linuxParameters\": { \"devices\": [{ \"hostPath\": \"/dev/fuse\" }] }", "Fargate has no devices")]
    [InlineData(
        "c",
        "\"linuxParameters\": { \"capabilities\": { \"add\": [\"SYS_PTRACE\", \"NET_ADMIN\"] } }",
        "12:46: Fargate has no add NET_ADMIN; expected SYS_PTRACE"
    )]
    [InlineData(
        "c",
        "\"mountPoints\": [{ \"sourceVolume\": \"data\" }]",
        "mountPoints has no containerPath; expected containerPath, a text"
    )]
    [InlineData(
        "c",
        "\"mountPoints\": [{ \"sourceVolume\": \"data\", \"containerPath\": \"d\" }]",
        "containerPath is \"d\"; expected an absolute path, such as /data"
    )]
    [InlineData(
        "c",
        "\"ulimits\": [{ \"name\": \"nofile\", \"softLimit\": 9, \"hardLimit\": 8 }]",
        "the softLimit of 9 is more than the hardLimit of 8; expected at most 8"
    )]
    [InlineData(
        "c",
        "\"ulimits\": [{ \"name\": \"nofile\", \"softLimit\": 9 }]",
        "ulimits has no hardLimit; expected hardLimit, a whole number"
    )]
    [InlineData("c", "\"healthCheck\": { \"interval\": 10 }", "healthCheck has no command; expected command, a list")]
    [InlineData(
        "c",
        "\"healthCheck\": { \"command\": [\"curl\"] }",
        "begins with neither CMD, CMD-SHELL nor NONE; expected [\"CMD\", PROGRAM"
    )]
    [InlineData("c", "\"healthCheck\": { \"command\": [] }", "begins with neither CMD, CMD-SHELL nor NONE")]
    [InlineData("c", "\"healthCheck\": { \"command\": [\"CMD\"] }", "the command of the healthCheck has 0 items after CMD; expected")]
    [InlineData("c", "\"healthCheck\": { \"command\": [\"CMD-SHELL\", \"a\", \"b\"] }", "has 2 items after CMD-SHELL; expected")]
    [InlineData("c", "\"healthCheck\": { \"command\": [\"NONE\", \"a\"] }", "has 1 items after NONE; expected")]
    [InlineData(
        "c",
        "\"portMappings\": [{ \"containerPort\": 80 }, { \"containerPort\": 80, \"protocol\": \"tcp\" }]",
        "the port 80 (tcp) is mapped before; expected each port once"
    )]
    [InlineData(
        "c",
        "\"portMappings\": [{ \"containerPort\": 80, \"name\": \"w\" }, { \"containerPort\": 81, \"name\": \"w\" }]",
        "a port \"w\" stands before; expected a name of its own for each port"
    )]
    [InlineData("c", "\"portMappings\": [{ \"containerPort\": 80, \"name\": \"Web A\" }]", PortName)]
    [InlineData("c", "\"portMappings\": [{ \"containerPort\": 80, \"name\": \"-x\" }]", PortName)]
    [InlineData("c", "\"portMappings\": [{ \"containerPort\": 80, \"name\": \"\" }]", PortName)]
    [InlineData("c", "\"portMappings\": [{ \"containerPort\": 80, \"name\": \"" + Long64 + "z\" }]", PortName)]
    [InlineData("c", "\"portMappings\": [{ \"protocol\": \"tcp\" }]", "portMappings has no containerPort; expected containerPort")]
    [InlineData("c", "\"restartPolicy\": { \"ignoredExitCodes\": [0] }", "restartPolicy has no enabled; expected enabled, true or false")]
    [InlineData("c", "\"repositoryCredentials\": { }", "repositoryCredentials has no credentialsParameter")]
    [InlineData("c", "\"environmentFiles\": [{ \"type\": \"s3\" }]", "environmentFiles has no value")]
    [InlineData("c", "\"firelensConfiguration\": { }", "firelensConfiguration has no type; expected type, one of fluentbit, fluentd")]
    [InlineData("t", "\"pidMode\": \"host\"", "6:21: Fargate has no pidMode host; expected task")]
    [InlineData("t", "\"ipcMode\": \"task\"", "Fargate has no ipcMode; expected no ipcMode")]
    [InlineData("t", "\"placementConstraints\": [{ \"type\": \"memberOf\" }]", "Fargate has no placementConstraints")]
    [InlineData(
        "t",
        "\"volumes\": [{ \"name\": \"d\", \"dockerVolumeConfiguration\": { \"scope\": \"task\" } }]",
        "Fargate has no dockerVolumeConfiguration; expected no dockerVolumeConfiguration"
    )]
    [InlineData("t", "\"volumes\": [{ \"name\": \"d\", \"host\": { \"sourcePath\": \"/d\" } }]", "Fargate has no sourcePath; expected no")]
    [InlineData("t", "\"volumes\": [{ \"name\": \"d\" }, { \"name\": \"d\" }]", "a volume \"d\" stands before; expected each once")]
    [InlineData("t", "\"volumes\": [{ \"name\": \"d\", \"efsVolumeConfiguration\": { } }]", "efsVolumeConfiguration has no fileSystemId")]
    [InlineData(
        "t",
        "\"volumes\": [{ \"name\": \"d\", \"efsVolumeConfiguration\": { \"fileSystemId\": \"fs-1\", "
            + "\"authorizationConfig\": { \"iam\": \"ENABLED\" } } }]",
        "iam of EFS needs encryption in transit; expected \"transitEncryption\": \"ENABLED\""
    )]
    [InlineData(
        "t",
        "\"volumes\": [{ \"name\": \"d\", \"efsVolumeConfiguration\": { \"fileSystemId\": \"fs-1\", \"rootDirectory\": \"/d\", "
            + "\"transitEncryption\": \"ENABLED\", \"authorizationConfig\": { \"accessPointId\": \"fsap-1\" } } }]",
        "the access point has its own rootDirectory; expected no rootDirectory, or /"
    )]
    [InlineData("t", "\"ephemeralStorage\": { }", "ephemeralStorage has no sizeInGiB")]
    [InlineData("t", "\"taskRoleArn\": \"not a role\"", "taskRoleArn is \"not a role\"; expected the ARN of a role, arn:aws:iam::ACCOUNT")]
    [InlineData("t", "\"executionRoleArn\": \"arn:aws:iam::1:role/a\"", "executionRoleArn is \"arn:aws:iam::1:role/a\"; expected the ARN")]
    [InlineData(
        "t",
        "\"runtimePlatform\": { \"operatingSystemFamily\": \"WINDOWS_SERVER_2022_CORE\" }",
        "task.json:5:10: Fargate has no tasks of Windows with a cpu of 512; expected 1024, 2048 or 4096"
    )]
    public void What_Fargate_or_ECS_refuses_is_a_fault_at_its_place(string where, string member, string fault)
    {
        var volume = member.Contains("sourceVolume", StringComparison.Ordinal) ? "\"volumes\": [{ \"name\": \"data\" }]," : string.Empty;
        var definition =
            where == "c" ? In("\"memory\": 900", member, volume) : In("\"memory\": \"1 GB\"", $"\"memory\": \"1 GB\", {member}");

        Faults(definition).ShouldHaveSingleItem().ShouldContain(fault);

        // Where a definition may be for other places, what Fargate alone refuses stays.
        var elsewhere = Faults(definition.Replace("[\"FARGATE\"]", "[]", StringComparison.Ordinal));
        elsewhere.Count.ShouldBe(fault.Contains("Fargate has no", StringComparison.Ordinal) ? 0 : 1, string.Join('\n', elsewhere));

        static string In(string from, string to, string volume = "") =>
            Right
                .Replace(from, to, StringComparison.Ordinal)
                .Replace("\"cpu\": \"512\",", $"\"cpu\": \"512\", {volume}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"replaced\"", "\"A B\"", "task.json:11:16: image is \"A B\"; expected the name of an image without blanks")]
    [InlineData("\"awslogs-region\": \"us-east-1\", ", "", "task.json:15:64: the log driver awslogs has no awslogs-region; expected")]
    [InlineData(", \"awslogs-stream-prefix\": \"s\"", "", "the log driver awslogs has no awslogs-stream-prefix; expected")]
    [InlineData("\"awslogs-group\": \"/shop\", ", "", "the log driver awslogs has no awslogs-group; expected awslogs-group among")]
    [InlineData("\"awslogs\",", "\"journald\",", "Fargate has no logDriver journald; expected awsfirelens, awslogs, splunk")]
    [InlineData("\"logDriver\": \"awslogs\", ", "", "logConfiguration has no logDriver; expected logDriver, one of awsfirelens, awslogs")]
    [InlineData("\"team\"", "\"aws:team\"", "key is \"aws:team\"; expected 1 to 128 characters that do not begin with aws:")]
    [InlineData("\"key\": \"team\", ", "", "tags has no key; expected key, a text in quotes")]
    [InlineData(
        "{ \"key\": \"team\", \"value\": \"shop\" }",
        "{ \"key\": \"team\" }, { \"key\": \"team\" }",
        "a tag \"team\" stands before; expected each key once"
    )]
    [InlineData(
        "{ \"key\": \"team\", \"value\": \"shop\" }",
        "{ \"key\": \"shop-dev\" }, { \"key\": \"shop-${target}\" }",
        "a tag \"shop-dev\" stands before; expected each key once"
    )]
    [InlineData(
        "\"team\"",
        "\"deployer:made-of\"",
        "7:21: the tag deployer:made-of is the deployer's own, which it adds to each revision; expected tags without it"
    )]
    [InlineData(
        "[\"FARGATE\"]",
        "[\"FARGATE\", \"MARS\"]",
        "4:42: requiresCompatibilities is \"MARS\"; expected one of EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES"
    )]
    [InlineData(
        "\"awslogs-stream-prefix\": \"s\" } }",
        "\"awslogs-stream-prefix\": \"s\" } }, \"portMappings\": [{ \"containerPort\": 80, \"name\": \"web-${target}-A\" }]",
        "name is \"web-dev-A\"; expected 1 to 64 lowercase letters"
    )]
    [InlineData("\"name\": \"PASSWORD\", ", "", "secrets has no name; expected name, a text in quotes")]
    public void What_ECS_does_not_take_of_what_is_there_is_a_fault_at_its_place(string from, string to, string fault)
    {
        Right.ShouldContain(from);

        Faults(Right.Replace(from, to, StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain(fault);
    }

    [Fact]
    public void A_port_s_name_may_have_64_characters_and_a_task_may_fit_several_places()
    {
        Long64.Length.ShouldBe(64);
        Faults(
                Right
                    .Replace(
                        "\"memory\": 900",
                        $$"""
                        "memory": 900, "portMappings": [
                            { "containerPort": 80, "name": "{{Long64}}" }, { "containerPort": 81, "name": "_" }]
                        """,
                        StringComparison.Ordinal
                    )
                    .Replace("[\"FARGATE\"]", "[\"FARGATE\", \"EC2\", \"EXTERNAL\", \"MANAGED_INSTANCES\"]", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();
    }

    [Fact]
    public void A_device_has_the_permissions_that_there_are()
    {
        const string Devices = """
            "linuxParameters": { "devices": [{ "hostPath": "/dev/fuse", "permissions": ["read", "mknod", "all"] }] }
            """;

        Faults(
                Right
                    .Replace("[\"FARGATE\"]", "[\"EC2\"]", StringComparison.Ordinal)
                    .Replace("\"memory\": 900", $"\"memory\": 900, {Devices}", StringComparison.Ordinal)
            )
            .ShouldHaveSingleItem()
            .ShouldContain("permissions is \"all\"; expected one of mknod, read, write");
    }

    [Fact]
    public void Tags_have_lengths_and_a_number()
    {
        Faults(Right.Replace("\"team\"", $"\"{new string('k', 129)}\"", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain("key is");
        Faults(Right.Replace("\"shop\" }]", $"\"{new string('v', 257)}\" }}]", StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain("expected at most 256 characters");
        var many = string.Join(", ", Enumerable.Range(0, 50).Select(number => $$"""{ "key": "k{{number}}", "value": "" }"""));
        Faults(Right.Replace("{ \"key\": \"team\", \"value\": \"shop\" }", many, StringComparison.Ordinal))
            .ShouldHaveSingleItem()
            .ShouldContain("there are 50 tags; expected at most 49: ECS has 50 for each task definition, and the deployer adds one");
    }

    [Fact]
    public void A_dependency_stands_once()
    {
        var two = Right
            .Replace("      \"name\": \"web\",\n", Sidecar + "\n", StringComparison.Ordinal)
            .Replace(
                "\"memory\": 900",
                "\"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"START\" }, "
                    + "{ \"containerName\": \"proxy\", \"condition\": \"START\" }]",
                StringComparison.Ordinal
            );

        Faults(two, $"container: web, image: {Image}")
            .ShouldHaveSingleItem()
            .ShouldContain("a dependency on \"proxy\" stands before; expected each once");
    }

    /// <summary>As <c>describe-task-definition</c> answers it where nothing was given, and what Fargate has.</summary>
    [Fact]
    public void What_Fargate_has_is_no_fault()
    {
        var definition = Right
            .Replace(
                "\"memory\": 900",
                """
                "extraHosts": [], "links": [], "privileged": false, "disableNetworking": false, "mountPoints": [
                  { "sourceVolume": "d", "containerPath": "/d" } ],
                "linuxParameters": { "capabilities": { "add": ["SYS_PTRACE"], "drop": ["ALL"] }, "initProcessEnabled": true,
                  "tmpfs": [{ "containerPath": "/t", "size": 64 }] },
                "startTimeout": 120, "dockerLabels": { "team": "shop", "token_type": "jwt" },
                "command": ["serve", "--token-file=/run/token", "--password=$PASSWORD", "--password-stdin", "a", "--tokenizer=words",
                  "-u", "1000:1000"],
                "portMappings": [{ "containerPort": 80 }, { "containerPort": 80, "protocol": "udp" },
                  { "containerPortRange": "81-90" }, { "containerPortRange": "91-91" }],
                "ulimits": [{ "name": "nofile", "softLimit": 1024, "hardLimit": 4096 }],
                "healthCheck": { "command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"] }
                """,
                StringComparison.Ordinal
            )
            .Replace(
                "\"cpu\": \"512\",",
                """
                "cpu": "512", "pidMode": "task", "placementConstraints": [], "taskRoleArn": "web-task",
                "executionRoleArn": "arn:aws:iam::111111111111:role/service/web-${target}", "volumes": [
                  { "name": "d", "efsVolumeConfiguration": { "fileSystemId": "fs-1", "transitEncryption": "ENABLED",
                    "rootDirectory": "/", "authorizationConfig": { "accessPointId": "fsap-1", "iam": "ENABLED" } } },
                  { "name": "e", "host": {} } ],
                """,
                StringComparison.Ordinal
            );

        Faults(definition).ShouldBeEmpty();
    }

    [Fact]
    public void A_container_that_the_step_gives_an_image_needs_none()
    {
        var definition = Right.Replace("\"image\": \"replaced\",", string.Empty, StringComparison.Ordinal);

        Faults(definition).ShouldBeEmpty();
        Faults(definition, "task: { cpu: 512 }")
            .ShouldBe(["task.json:9:5: the container has no image; expected an image, or the key image of the step"]);
    }

    [Fact]
    public void Values_of_a_target_count_and_other_variables_stay()
    {
        var definition = Right
            .Replace("\"1 GB\"", "\"${memory}\"", StringComparison.Ordinal)
            .Replace("\"/shop\"", "\"/shop/${target}\"", StringComparison.Ordinal)
            .Replace("\"info\"", "\"${address} ${HOME}\"", StringComparison.Ordinal);

        Faults(definition, values: "memory: \"1024\", address: \"db\"").ShouldBeEmpty();
        var faults = Faults(definition, values: "memory: \"700\", address: \"postgres://me:hunter2@db\"");
        faults.ShouldContain(fault => fault.Contains("6:13: Fargate has no tasks with a cpu of 512 and a memory of 700 MiB"));
        faults.ShouldContain(fault => fault.Contains("the environment variable LEVEL is a secret"));
        faults.ShouldNotContain(fault => fault.Contains("task.json") && fault.Contains("hunter2"));
    }

    [Fact]
    public void What_the_step_changes_counts()
    {
        Faults(Right, $"image: {Image}, task: {{ cpu: 1000 }}")
            .ShouldHaveSingleItem()
            .ShouldStartWith("deployer.yaml:5:123: Fargate has no tasks with a cpu of 1000; expected 256, 512");
        Faults(Right, "task: { cpu: 1024 }").ShouldHaveSingleItem().ShouldContain("a cpu of 1024 and a memory of 1024 MiB");
        Faults(Right, "task: { cpu: 1024, memory: 2048 }").ShouldBeEmpty();
        Faults(Right, "memory: 2000").ShouldHaveSingleItem().ShouldContain("the containers need 2000 MiB together");
        Faults(Right.Replace("LEVEL", "API_TOKEN", StringComparison.Ordinal), "secrets: { API_TOKEN: /shop/token }").ShouldBeEmpty();
    }

    [Fact]
    public void The_container_that_is_changed_is_one_of_the_file()
    {
        var two = Right.Replace("      \"name\": \"web\",\n", Sidecar + "\n", StringComparison.Ordinal);

        Faults(two, $"container: web, image: {Image}").ShouldBeEmpty();
        Faults(two, "task: { memory: 2048 }").ShouldBeEmpty("nothing of a container is changed");
        Faults(two, $"image: {Image}")
            .ShouldBe([
                "deployer.yaml:5:51: \"task.json\" has the containers proxy, web, and the step does not say which of them it changes; "
                    + "expected the key container",
            ]);
        Faults(two, $"container: wep, image: {Image}")
            .ShouldBe(["deployer.yaml:5:73: \"task.json\" has no container \"wep\"; expected one of proxy, web (did you mean \"web\"?)"]);
        Faults(two.Replace("proxy", "web", StringComparison.Ordinal), $"container: web, image: {Image}")
            .ShouldContain(fault => fault.Contains("a container \"web\" stands before", StringComparison.Ordinal));
    }
}
