import asyncio


async def fetch(name):
    await asyncio.sleep(0)
    raise TimeoutError(f"{name} does not answer")


async def main():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(fetch("survey"))


asyncio.run(main())
